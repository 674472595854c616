namespace FederatedOrleans.Aggregation;

/// <summary>Blocks that are kept here until they are folded.</summary>
internal interface IStagedBlocks : IBlockSink
{
    /// <summary>Reads blocks in their order. Several threads may read at once.</summary>
    /// <param name="from">Number of the first, from 0.</param>
    /// <param name="to">Number after the last.</param>
    /// <param name="read">Told the index of a block's first value, and its values.</param>
    void Read(int from, int to, Action<int, ReadOnlySpan<float>> read);

    /// <summary>Lets go of a block that nobody will read any more, if that has not been done. Several threads may do so at once, each of other blocks.</summary>
    /// <param name="number">Its number, from 0.</param>
    void LetGo(int number);
}

namespace FederatedOrleans.Aggregation;

/// <summary>Where the blocks of one staged update are kept until it is folded.</summary>
internal interface IStagedBlocks : IDisposable
{
    /// <summary>Bytes of a block; the last one of an update may be shorter.</summary>
    const int BlockBytes = 1 << 20;

    /// <summary>Values of a block.</summary>
    const int BlockValues = BlockBytes / sizeof(float);

    /// <summary>Keeps the next block.</summary>
    /// <param name="block">An array from the shared pool, given away; its values are lost.</param>
    /// <param name="values">How many of its values count.</param>
    /// <returns>The array, where it may be used for the next block, or null.</returns>
    /// <exception cref="IOException">There is no room for it; the array is the caller's still.</exception>
    float[]? Keep(float[] block, int values);

    /// <summary>Reads blocks in their order. Several threads may read at once.</summary>
    /// <param name="from">Number of the first, from 0.</param>
    /// <param name="to">Number after the last.</param>
    /// <param name="read">Told the index of a block's first value, and its values.</param>
    void Read(int from, int to, Action<int, ReadOnlySpan<float>> read);
}

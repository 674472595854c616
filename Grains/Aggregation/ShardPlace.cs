namespace FederatedOrleans.Aggregation;

/// <summary>One update's range in a shard, as it comes block by block.</summary>
/// <param name="blocks">Where it is kept.</param>
/// <param name="length">Its parameters.</param>
internal sealed class ShardPlace(IStagedBlocks blocks, int length) : IDisposable
{
    private int _held;
    private int _number;

    /// <summary>Where it is kept.</summary>
    public IStagedBlocks Blocks => blocks;

    /// <summary>Whether every value is here.</summary>
    public bool IsWhole => _held == length;

    /// <summary>Keeps a copy of the next block; one that is here already is passed over. False where it is neither.</summary>
    /// <exception cref="IOException">There is no room on the disk.</exception>
    public bool TryKeep(int number, ReadOnlySpan<float> values)
    {
        if (number < _number)
        {
            return true;
        }

        if (number != _number || values.Length != Math.Min(IBlockSink.BlockValues, length - _held))
        {
            return false;
        }

        var block = blocks.Rent(values.Length);
        values.CopyTo(block);
        try
        {
            block = blocks.Keep(block, values.Length);
            _held += values.Length;
            _number++;
        }
        finally
        {
            if (block is not null)
            {
                blocks.Return(block);
            }
        }

        return true;
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => blocks.Dispose();
}

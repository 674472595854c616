namespace FederatedOrleans.Aggregation;

/// <summary>Memory of a sum: whole blocks of zeros, those that the last one was made of where they are kept yet.</summary>
/// <remarks>
/// A sum of 100 MB in one array made anew for each round left a hole of its length between blocks that are in use, and the process grew by
/// some megabytes a round.
/// </remarks>
internal sealed class SumBlocks : IDisposable
{
    private readonly StagingArea _area;
    private readonly long _bytes;
    private bool _disposed;

    /// <summary>Takes the memory, whether there is any or not.</summary>
    /// <param name="area">Whose memory it takes.</param>
    /// <param name="bytes">Bytes of the sum, at least 1.</param>
    public SumBlocks(StagingArea area, long bytes)
    {
        Blocks = new float[(bytes + IBlockSink.BlockBytes - 1) / IBlockSink.BlockBytes][];
        (_area, _bytes) = (area, (long)Blocks.Length * IBlockSink.BlockBytes);
        for (var number = 0; number < Blocks.Length; number++)
        {
            Blocks[number] = area.Pool.RentZeros();
        }

        // After that: taken before, the blocks that are kept would have been let go to make room for themselves.
        area.TakeMemory(_bytes);
    }

    /// <summary>The blocks, in the sum's order; of the last one the beginning.</summary>
    public float[][] Blocks { get; }

    /// <summary>Gives the memory back. Nobody may use the blocks any more.</summary>
    public void Dispose()
    {
        GiveUp();
        foreach (var block in Blocks)
        {
            _area.Pool.Return(block);
        }
    }

    /// <summary>Gives the memory back, but leaves the blocks to whoever is using them, and to the garbage collector afterwards.</summary>
    public void GiveUp()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _disposed = true;
        _area.GiveMemoryBack(_bytes);
    }
}

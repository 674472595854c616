using System.Buffers;

namespace FederatedOrleans.Aggregation;

/// <summary>An update staged in memory, in blocks of the shared pool: large arrays of its own would be made and cleared each round.</summary>
internal sealed class MemoryBlocks(StagingBudget budget, long bytes) : IStagedBlocks
{
    private readonly List<(float[] Block, int Values)> _blocks = [];
    private bool _disposed;

    public float[]? Keep(float[] block, int values)
    {
        _blocks.Add((block, values));
        return null;
    }

    public void Read(int from, int to, Action<int, ReadOnlySpan<float>> read)
    {
        for (var number = from; number < to; number++)
        {
            var (block, values) = _blocks[number];
            read(number * IBlockSink.BlockValues, block.AsSpan(0, values));
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var (block, _) in _blocks)
        {
            ArrayPool<float>.Shared.Return(block, clearArray: true);
        }

        _blocks.Clear();
        budget.GiveBack(bytes);
    }
}

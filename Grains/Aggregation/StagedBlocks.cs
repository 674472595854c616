using System.Buffers;
using System.Runtime.InteropServices;

namespace FederatedOrleans.Aggregation;

/// <summary>An update that is staged here: each block in memory where there is room for it as it comes, else in a scratch file.</summary>
/// <param name="area">Whose room it takes.</param>
/// <param name="bytes">The update's bytes, which are taken from the area's room.</param>
internal sealed class StagedBlocks(StagingArea area, long bytes) : IStagedBlocks
{
    // A block without an array is the next one in the scratch file; one without values was let go.
    private readonly List<(float[]? Block, int Values, int InScratch)> _blocks = [];
    private ScratchBlocks? _scratch;
    private bool _disposed;

    public float[] Rent(int values) => area.Pool.Rent(values);

    public void Return(float[] block) => area.Pool.Return(block);

    public float[]? Keep(float[] block, int values)
    {
        if (area.TryTakeMemory(values * sizeof(float)))
        {
            _blocks.Add((block, values, 0));
            return null;
        }

        _scratch ??= area.OpenScratch(bytes);
        _blocks.Add((null, values, _scratch.Add(block.AsSpan(0, values))));
        return block;
    }

    public void Read(int from, int to, Action<int, ReadOnlySpan<float>> read)
    {
        float[]? decrypted = null;
        try
        {
            for (var number = from; number < to; number++)
            {
                var (block, values, inScratch) = _blocks[number];
                if (values == 0)
                {
                    throw new InvalidOperationException("A block is read that was let go.");
                }

                if (block is null)
                {
                    block = decrypted ??= ArrayPool<float>.Shared.Rent(IBlockSink.BlockValues);
                    _scratch!.Read(inScratch, block.AsSpan(0, values));
                }

                read(number * IBlockSink.BlockValues, block.AsSpan(0, values));
            }
        }
        finally
        {
            if (decrypted is not null)
            {
                ArrayPool<float>.Shared.Return(decrypted, clearArray: true);
            }
        }
    }

    public void LetGo(int number)
    {
        ref var place = ref CollectionsMarshal.AsSpan(_blocks)[number];
        var (block, values, _) = place;
        place = default;
        if (block is not null)
        {
            area.GiveMemoryBack(values * sizeof(float));
            area.Pool.Return(block);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        for (var number = 0; number < _blocks.Count; number++)
        {
            LetGo(number);
        }

        _blocks.Clear();
        _scratch?.Dispose();
        area.GiveBack(bytes);
    }
}

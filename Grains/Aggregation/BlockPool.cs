using System.Buffers;

namespace FederatedOrleans.Aggregation;

/// <summary>Whole blocks that are done with, kept for the next update or sum: memory that the system has to give and clear anew costs as much as the copying.</summary>
/// <remarks>Nothing of an update is in a kept block: it is all zeros. Those that nobody wanted for a while are let go. Safe for concurrent use.</remarks>
/// <param name="memory">Blocks that are kept are never more than its free bytes.</param>
/// <param name="time">Tells for how long they were kept.</param>
internal sealed class BlockPool(StagingBudget memory, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Lock _guard = new();
    private readonly Stack<float[]> _free = [];
    private int _fewest;
    private ITimer? _timer;

    /// <summary>Blocks that are kept.</summary>
    public int Free
    {
        get
        {
            lock (_guard)
            {
                return _free.Count;
            }
        }
    }

    /// <summary>An array of at least so many values; what stands in it is of no meaning.</summary>
    public float[] Rent(int values) => values != IBlockSink.BlockValues
        ? ArrayPool<float>.Shared.Rent(values)
        : TakeKept() ?? GC.AllocateUninitializedArray<float>(values);

    /// <summary>A whole block of zeros.</summary>
    public float[] RentZeros() => TakeKept() ?? new float[IBlockSink.BlockValues];

    /// <summary>Clears an array and takes it back.</summary>
    public void Return(float[] block)
    {
        if (block.Length != IBlockSink.BlockValues)
        {
            ArrayPool<float>.Shared.Return(block, clearArray: true);
            return;
        }

        block.AsSpan().Clear();
        lock (_guard)
        {
            if ((_free.Count + 1L) * IBlockSink.BlockBytes <= memory.Free)
            {
                _free.Push(block);
                _timer ??= time.CreateTimer(_ => Shrink(), null, Kept, Kept);
            }
        }
    }

    /// <summary>Lets go of what there is no memory for any more.</summary>
    public void Trim()
    {
        lock (_guard)
        {
            while (_free.Count > 0 && (long)_free.Count * IBlockSink.BlockBytes > memory.Free)
            {
                _free.Pop();
            }

            _fewest = Math.Min(_fewest, _free.Count);
        }
    }

    private float[]? TakeKept()
    {
        lock (_guard)
        {
            if (!_free.TryPop(out var block))
            {
                return null;
            }

            _fewest = Math.Min(_fewest, _free.Count);
            return block;
        }
    }

    /// <summary>Lets go of as many as nobody needed since the last time.</summary>
    private void Shrink()
    {
        lock (_guard)
        {
            for (; _fewest > 0; _fewest--)
            {
                _free.Pop();
            }

            _free.TrimExcess();
            _fewest = _free.Count;
            if (_fewest == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }
}

using Microsoft.Extensions.Options;

namespace FederatedOrleans.Operators;

/// <summary>Bounds how many event streams are open at a time. Safe for concurrent use.</summary>
internal sealed class StreamSlots(IOptions<OperatorPagesOptions> options)
{
    private int _free = options.Value.MaxStreams;

    /// <summary>A slot, free again once disposed of; null where all are taken.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
        {
            return new Slot(this);
        }

        Interlocked.Increment(ref _free);
        return null;
    }

    private sealed class Slot(StreamSlots slots) : IDisposable
    {
        private int _returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                Interlocked.Increment(ref slots._free);
            }
        }
    }
}

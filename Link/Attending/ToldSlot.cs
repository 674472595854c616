using System.Threading.Channels;

namespace FederatedOrleans.Link.Attending;

/// <summary>What was told over an open stream and not taken yet: the last of it only, since that holds all that came before.</summary>
/// <remarks>
/// Where the last may not be the newest, whoever takes it is to ask what holds. Any number may tell at once; one takes.
/// </remarks>
/// <param name="remembersTaken">
/// Whether what was taken counts for the order too: false where the taker compares with what it knows by itself.
/// </param>
/// <typeparam name="T">What is told.</typeparam>
public sealed class ToldSlot<T>(bool remembersTaken)
    where T : class
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _guard = new();
    private T? _told;
    private bool _mustAsk;
    private long _last = long.MinValue;

    /// <summary>All that holds now takes the place of what waits.</summary>
    /// <param name="told">What to take.</param>
    /// <param name="version">Of two the one of the lower version may be the older.</param>
    public void Tell(T told, long version)
    {
        lock (_guard)
        {
            // What is told may be overtaken on its way: then nobody here knows what holds.
            _mustAsk |= version < _last;
            (_told, _last) = (told, version);
            _signals.Writer.TryWrite(true);
        }
    }

    /// <summary>Whoever takes next is to ask, whatever is told besides.</summary>
    public void Ask()
    {
        lock (_guard)
        {
            _mustAsk = true;
            _signals.Writer.TryWrite(true);
        }
    }

    /// <summary>Nothing will be told any more.</summary>
    public void Complete() => _signals.Writer.TryComplete();

    /// <summary>Waits for something to take. False where nothing will come any more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signals.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what waits: all that holds, or null where that is to be asked.</summary>
    public T? Take()
    {
        lock (_guard)
        {
            // Under the guard, as it was written: else a signal could be left for what is taken here.
            _signals.Reader.TryRead(out _);
            var next = _mustAsk ? null : _told;
            (_told, _mustAsk) = (null, false);
            if (!remembersTaken)
            {
                _last = long.MinValue;
            }

            return next;
        }
    }
}

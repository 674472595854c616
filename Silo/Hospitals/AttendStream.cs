using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FederatedOrleans.Hospitals;

/// <summary>The silo's end of a hospital's open stream: the last that the hospital was told waits here, since it holds all that came before.</summary>
internal sealed class AttendStream : IHospitalObserver
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _guard = new();
    private HospitalInbox? _told;
    private bool _mustAsk;
    private long _newest = long.MinValue;

    public Task WakeUpAsync()
    {
        lock (_guard)
        {
            _mustAsk = true;
        }

        _signals.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task TellAsync(HospitalInbox inbox)
    {
        lock (_guard)
        {
            // Calls may overtake one another between Silos: then the hospital asks what holds.
            _mustAsk |= inbox.Version < _newest;
            (_told, _newest) = (inbox, inbox.Version);
        }

        _signals.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task DropAsync()
    {
        _signals.Writer.TryComplete();
        return Task.CompletedTask;
    }

    /// <summary>What to tell the hospital, until the stream is dropped: all that is asked of it, or null to have it ask.</summary>
    public async IAsyncEnumerable<HospitalInbox?> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in _signals.Reader.ReadAllAsync(cancellationToken))
        {
            yield return Take();
        }
    }

    private HospitalInbox? Take()
    {
        lock (_guard)
        {
            var next = _mustAsk ? null : _told;
            (_told, _mustAsk) = (null, false);
            return next;
        }
    }
}

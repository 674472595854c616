using System.Threading.Channels;

namespace FederatedOrleans.Hospitals;

/// <summary>The silo's end of a hospital's open stream: what the hospital was told last waits in a channel of one, since it holds all that came before.</summary>
internal sealed class AttendStream : IHospitalObserver
{
    private readonly Channel<HospitalInbox?> _told = Channel.CreateBounded<HospitalInbox?>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Lock _guard = new();
    private long _newest = long.MinValue;

    /// <summary>What to tell the hospital: all that is asked of it, or null to have it ask.</summary>
    public ChannelReader<HospitalInbox?> Told => _told.Reader;

    public Task WakeUpAsync()
    {
        _told.Writer.TryWrite(null);
        return Task.CompletedTask;
    }

    public Task TellAsync(HospitalInbox inbox)
    {
        lock (_guard)
        {
            // Calls may overtake one another between Silos: then the hospital asks what holds.
            _told.Writer.TryWrite(inbox.Version < _newest ? null : inbox);
            _newest = inbox.Version;
        }

        return Task.CompletedTask;
    }

    public Task DropAsync()
    {
        _told.Writer.TryComplete();
        return Task.CompletedTask;
    }
}

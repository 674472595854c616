using System.Runtime.CompilerServices;
using FederatedOrleans.Link.Attending;

namespace FederatedOrleans.Hospitals;

/// <summary>The silo's end of a hospital's open stream: the last that the hospital was told waits here, since it holds all that came before.</summary>
internal sealed class AttendStream : IHospitalObserver
{
    // Calls may overtake one another between Silos, also one that has gone down the stream already.
    private readonly ToldSlot<HospitalInbox> _slot = new(remembersTaken: true);

    public Task WakeUpAsync()
    {
        _slot.Ask();
        return Task.CompletedTask;
    }

    public Task TellAsync(HospitalInbox inbox)
    {
        _slot.Tell(inbox, inbox.Version);
        return Task.CompletedTask;
    }

    public Task DropAsync()
    {
        _slot.Complete();
        return Task.CompletedTask;
    }

    /// <summary>What to tell the hospital, until the stream is dropped: all that is asked of it, or null to have it ask.</summary>
    public async IAsyncEnumerable<HospitalInbox?> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _slot.WaitAsync(cancellationToken))
        {
            yield return _slot.Take();
        }
    }
}

using FederatedOrleans.Link.Attending;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Why a site looks at its work again: it was told what is asked of it, or has a reason of its own to ask. The newest of it waits.</summary>
internal sealed class WakeUps
{
    // What was taken is compared with what the site works by: it may have asked since.
    private readonly ToldSlot<SiteInbox> _slot = new(remembersTaken: false);

    /// <summary>The centre is to be asked.</summary>
    public void Ask() => _slot.Ask();

    /// <summary>The centre has told all that is asked now, or, by null, that it is to be asked.</summary>
    public void Told(SiteInbox? inbox)
    {
        if (inbox is null)
        {
            _slot.Ask();
        }
        else
        {
            _slot.Tell(inbox, inbox.Version);
        }
    }

    /// <summary>Waits for the next of it, at most for a time.</summary>
    /// <param name="known">Version of what the site works by.</param>
    /// <param name="pause">After which it asks in any case.</param>
    /// <param name="time">Measures the pause.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What to work by now, or null where the centre is to be asked.</returns>
    public async Task<SiteInbox?> WaitAsync(long known, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _slot.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to ask without having been woken, or to stop.
            return null;
        }

        return _slot.Take() is { } told && told.Version >= known ? told : null;
    }
}

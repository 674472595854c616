using System.Threading.Channels;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Why a site looks at its work again: it was told what is asked of it, or has a reason of its own to ask. The newest of it waits.</summary>
internal sealed class WakeUps
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _guard = new();
    private SiteInbox? _told;
    private bool _mustAsk;

    /// <summary>The centre is to be asked.</summary>
    public void Ask() => Told(null);

    /// <summary>The centre has told all that is asked now, or, by null, that it is to be asked.</summary>
    public void Told(SiteInbox? inbox)
    {
        lock (_guard)
        {
            // Two that come out of order: the question finds out what holds.
            _mustAsk |= inbox is null || inbox.Version < _told?.Version;
            _told = inbox ?? _told;
        }

        _signals.Writer.TryWrite(true);
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
            await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to ask without having been woken, or to stop.
            return null;
        }

        lock (_guard)
        {
            var (told, mustAsk) = (_told, _mustAsk);
            (_told, _mustAsk) = (null, false);
            return mustAsk || told?.Version < known ? null : told;
        }
    }
}

using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>When jobs that failed may be tried again: after a pause that grows with each failure of the same attempt and epoch.</summary>
/// <remarks>Times are those that have passed since some moment, which is always the same: a clock may be set. Not safe for concurrent use.</remarks>
internal sealed class JobRetries(TimeSpan longest)
{
    private readonly Dictionary<(AttemptId Id, long Epoch), (BackOff BackOff, TimeSpan NotBefore)> _failed = [];

    /// <summary>The job failed once more. Gives the pause before the next try.</summary>
    public TimeSpan Failed((AttemptId Id, long Epoch) job, TimeSpan now)
    {
        var backOff = _failed.TryGetValue(job, out var known) ? known.BackOff : new BackOff(longest);
        var pause = backOff.Next();
        _failed[job] = (backOff, now + pause);
        return pause;
    }

    /// <summary>Whether the job may be tried now.</summary>
    public bool MayTry((AttemptId Id, long Epoch) job, TimeSpan now) =>
        !_failed.TryGetValue(job, out var known) || now >= known.NotBefore;

    /// <summary>Forgets jobs that are not asked for any more.</summary>
    public void Keep(IReadOnlySet<(AttemptId Id, long Epoch)> asked)
    {
        foreach (var job in _failed.Keys.Where(job => !asked.Contains(job)).ToArray())
        {
            _failed.Remove(job);
        }
    }

    /// <summary>How long until the first job that waits may be tried, or null where none waits.</summary>
    public TimeSpan? NextAfter(TimeSpan now)
    {
        TimeSpan? next = null;
        foreach (var (_, notBefore) in _failed.Values)
        {
            if (notBefore > now && (next is null || notBefore - now < next))
            {
                next = notBefore - now;
            }
        }

        return next;
    }
}

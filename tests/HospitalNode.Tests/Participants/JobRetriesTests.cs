using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>When a job that failed may be tried again.</summary>
public sealed class JobRetriesTests
{
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);
    private static readonly (AttemptId, long) Job = (new("run", 1, 1), 1);
    private static readonly (AttemptId, long) NextEpoch = (new("run", 1, 1), 2);

    private readonly JobRetries _retries = new(TimeSpan.FromSeconds(30));

    [Fact]
    public void A_job_waits_for_its_pause_and_no_other_does()
    {
        var pause = _retries.Failed(Job, Noon);

        Assert.False(_retries.MayTry(Job, Noon + pause - TimeSpan.FromTicks(1)));
        Assert.True(_retries.MayTry(Job, Noon + pause));
        Assert.True(_retries.MayTry(NextEpoch, Noon));
        Assert.Equal(pause, _retries.NextAfter(Noon));
        Assert.Null(_retries.NextAfter(Noon + pause));
    }

    [Fact]
    public void Pauses_grow_by_attempt_and_epoch()
    {
        var (first, second, third) = (_retries.Failed(Job, Noon), _retries.Failed(Job, Noon), _retries.Failed(Job, Noon));
        var other = _retries.Failed(NextEpoch, Noon);

        Assert.True(first <= TimeSpan.FromMilliseconds(250));
        Assert.InRange(second.TotalMilliseconds, 250, 500);
        Assert.InRange(third.TotalMilliseconds, 500, 1_000);
        Assert.True(other <= TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public void What_is_not_asked_for_any_more_is_forgotten()
    {
        _retries.Failed(Job, Noon);
        _retries.Failed(NextEpoch, Noon);

        _retries.Keep(new HashSet<(AttemptId, long)> { NextEpoch });

        Assert.True(_retries.MayTry(Job, Noon));
        Assert.False(_retries.MayTry(NextEpoch, Noon));
    }
}

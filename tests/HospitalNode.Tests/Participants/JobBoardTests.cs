using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Jobs that failed, at a hospital whose clock is set.</summary>
public sealed class JobBoardTests
{
    private static readonly SiteAssignment Assignment =
        new(new AttemptId("run", 1, 1), 1, SiteStage.Train, ContentDigest.Of([1]), ContentDigest.Of([2]), DateTimeOffset.MaxValue);

    private readonly SetTime _time = new();

    [Theory]
    [InlineData(-24)]
    [InlineData(24)]
    public void A_job_that_failed_is_tried_again_after_its_pause_whatever_the_clock_says(int hours)
    {
        var board = new JobBoard(TimeSpan.FromSeconds(30), _time);
        board.Ask([Assignment]);
        var pause = board.Failed(Assignment);

        _time.By = TimeSpan.FromHours(hours);
        Assert.False(board.TryTake(Assignment));
        Assert.Equal(pause, board.NextRetry);
        _time.Passed = pause;
        Assert.True(board.TryTake(Assignment));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_training_that_is_asked_for_long_after_its_end_is_looked_at_again_ever_more_rarely(bool isTraining)
    {
        var board = new JobBoard(TimeSpan.FromSeconds(30), _time);
        var assignment = Assignment with { Stage = isTraining ? SiteStage.Train : SiteStage.Evaluate };
        foreach (var minutes in new[] { 0, 5, 10, 20 })
        {
            _time.Passed += TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1);
            board.Ask([assignment]);
            Assert.Equal(minutes == 0, board.TryTake(assignment));
            _time.Passed += TimeSpan.FromSeconds(1);
            Assert.Equal(minutes > 0 && isTraining, board.TryTake(assignment));
            using var cancellation = new CancellationTokenSource();
            board.TryBegin(assignment, cancellation);
            board.End(assignment, isFinished: true);
        }
    }

    private sealed class SetTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000) + Passed + By;

        public override long GetTimestamp() => Passed.Ticks;
    }
}

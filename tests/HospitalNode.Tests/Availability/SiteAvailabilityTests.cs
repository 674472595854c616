using System.Collections.Concurrent;
using FederatedOrleans.Availability;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Training;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Site.Availability;

public sealed class SiteAvailabilityTests
{
    private static readonly DateTimeOffset Evening = new(2026, 6, 1, 21, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(Evening);
    private readonly SwitchedProbe _probe = new();
    private readonly BlockingCollection<string?> _pauses = [];

    [Theory]
    [InlineData("21:59", 30, "OutsideHours")]
    [InlineData("21:59", 60, null)]
    [InlineData("22:00", 0, "None")]
    [InlineData("06:00", 60, "OutsideHours")]
    public async Task An_invitation_is_declined_outside_the_hours_unless_they_begin_in_time(string at, int seconds, string? expected)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(new DateOnly(2026, 6, 1), TimeOnly.Parse(at), TimeSpan.Zero));
        using var availability = new SiteAvailability(Nights(), [], time);
        var answer = await availability.AskAsync(time.GetUtcNow() + TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer?.ToString());
    }

    [Fact]
    public async Task An_invitation_is_declined_while_a_limit_is_broken()
    {
        using var availability = new SiteAvailability(null, [_probe], _time);
        Assert.Equal(SiteRefusal.None, await availability.AskAsync(Evening.AddHours(1), TestContext.Current.CancellationToken));
        _probe.Broken = "the test says so";
        Assert.Equal(SiteRefusal.NoResources, await availability.AskAsync(Evening.AddHours(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_calendar_and_limits_there_is_no_gate()
    {
        using var availability = SiteAvailability.Always(_time);
        Assert.Equal(7, await availability.GuardAsync(
            (gate, _) => Task.FromResult(gate is null ? 7 : 0), () => default, _ => { }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_training_pauses_within_a_second_of_a_broken_limit_and_goes_on_to_the_same_bits()
    {
        var plan = Toy.Plan(steps: 500, batch: 4);
        var request = new TrainingRequest
        {
            Plan = plan,
            Hospital = "north",
            Round = 1,
            Data = PreparedDataset.For(plan, Toy.Dataset(30)),
            Model = new ParameterVector([0.1f, -0.2f, 0.3f, 0.05f]),
            Iterator = new() { Pass = 3, Position = 8 },
        };
        var undisturbed = new SgdTrainer(_ => new LogisticLoss()).Train(request, cancellationToken: TestContext.Current.CancellationToken);

        // The training stands at step 250 until the limit is broken and a look at it has had its turn.
        using var broken = new ManualResetEventSlim();
        using var atHalf = new ManualResetEventSlim();
        PauseGate? used = null;
        var progress = new Steps(step =>
        {
            if (step == 250)
            {
                atHalf.Set();
                Assert.True(broken.Wait(Patience, TestContext.Current.CancellationToken), "the limit is never broken");
            }
        });
        using var availability = new SiteAvailability(null, [_probe], _time);
        var training = availability.GuardAsync(
            (gate, token) =>
            {
                used = gate;
                return Task.Factory.StartNew(
                    () => new SgdTrainer(_ => new LogisticLoss()).Train(request with { Gate = gate }, progress, token),
                    token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            },
            () => Evening.AddHours(1),
            _pauses.Add,
            TestContext.Current.CancellationToken);
        Assert.Null(NextPause());
        Assert.True(atHalf.Wait(Patience, TestContext.Current.CancellationToken), "the training does not come to its half");
        _probe.Broken = "the test says so";

        // Within 500 ms of this clock, two looks at the machine, the gate is shut.
        Look();
        Look();
        Assert.Equal("the test says so", NextPause());
        Assert.True(used!.IsPaused);
        broken.Set();

        // Shut, it lets no step pass: the training is where it was after any time.
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(250, progress.Latest);
        Assert.False(training.IsCompleted);

        _probe.Broken = null;
        while (!_pauses.TryTake(out var pause) || pause is not null)
        {
            Look();
            await Task.Yield();
        }

        var result = await training.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(undisturbed.Update.Digest, result.Update.Digest);
        Assert.Equal(undisturbed.Next, result.Next);
        Assert.Equal(500, progress.Latest);
    }

    [Fact]
    public async Task A_training_whose_limit_stays_broken_is_given_up_at_the_deadline()
    {
        _probe.Broken = "the test says so";
        using var availability = new SiteAvailability(null, [_probe], _time);
        var deadline = Evening.AddMinutes(30);
        var training = availability.GuardAsync(PauseAsync, () => deadline, _pauses.Add, TestContext.Current.CancellationToken);
        Assert.Equal("the test says so", NextPause());

        // Progress that was reported before has moved it.
        deadline = Evening.AddMinutes(40);
        _time.Advance(TimeSpan.FromMinutes(39));
        Assert.False(training.IsCompleted);
        await AdvanceUntilAsync(training);
        var given = await Assert.ThrowsAsync<UnavailableException>(() => training);
        Assert.Equal("given up: the test says so, until the deadline", given.Message);
        Assert.True(_time.GetUtcNow() >= deadline);
    }

    [Fact]
    public async Task A_training_is_given_up_at_once_where_the_node_closes_for_longer_than_its_deadline()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 6, 2, 5, 59, 0, TimeSpan.Zero));
        using var availability = new SiteAvailability(Nights(), [], _time);
        var training = availability.GuardAsync(PauseAsync, () => _time.GetUtcNow().AddHours(10), _pauses.Add, TestContext.Current.CancellationToken);
        Assert.Null(NextPause());
        await AdvanceUntilAsync(training);
        Assert.Equal("given up: this node is closed until after the deadline", (await Assert.ThrowsAsync<UnavailableException>(() => training)).Message);
        Assert.True(_time.GetUtcNow() >= new DateTimeOffset(2026, 6, 2, 6, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_training_is_cancelled_while_it_pauses()
    {
        _probe.Broken = "the test says so";
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var availability = new SiteAvailability(null, [_probe], _time);
        var training = availability.GuardAsync(PauseAsync, () => Evening.AddHours(1), _pauses.Add, cancellation.Token);
        Assert.NotNull(NextPause());
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_training_of_a_day_is_counted_without_its_pauses()
    {
        using var machine = new FakeMachine();
        var daily = new DailyTraining(30, machine.Folder, "UTC", _time);
        using var availability = new SiteAvailability(null, [daily, _probe], _time, daily);
        var ending = new TaskCompletionSource<int>();
        var training = availability.GuardAsync((_, _) => ending.Task, () => Evening.AddHours(2), _pauses.Add, TestContext.Current.CancellationToken);
        Assert.Null(NextPause());
        while (daily.Today < TimeSpan.FromMinutes(2))
        {
            Look();
            await Task.Yield();
        }

        _probe.Broken = "the test says so";
        while (!_pauses.TryTake(out _))
        {
            Look();
            await Task.Yield();
        }

        var counted = daily.Today;
        _time.Advance(TimeSpan.FromMinutes(10));
        ending.SetResult(1);
        Assert.Equal(1, await training);
        Assert.Equal(counted, daily.Today);
        Assert.Equal(counted, new DailyTraining(30, machine.Folder, "UTC", _time).Today);
    }

    // A training that passes the gate for ever.
    private static Task<int> PauseAsync(PauseGate? gate, CancellationToken cancellationToken) => Task.Factory.StartNew<int>(
        () =>
        {
            while (true)
            {
                gate!.Pass(cancellationToken);
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
            }
        },
        cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static WeeklyAvailability Nights() => new()
    {
        TimeZone = "UTC",
        Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => WeeklyWindow.On(day, new(22, 0), new(6, 0)))],
    };

    private void Look() => _time.Advance(SiteAvailability.CheckInterval);

    private async Task AdvanceUntilAsync(Task done)
    {
        // Each look comes when the watch has begun to wait for it: how many it takes depends on the machine, that they suffice does not.
        var began = TimeProvider.System.GetTimestamp();
        while (!done.IsCompleted && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            _time.Advance(TimeSpan.FromSeconds(30) / 4);
            await Task.WhenAny(done, Task.Delay(20, TestContext.Current.CancellationToken));
        }
    }

    private string? NextPause()
    {
        Assert.True(_pauses.TryTake(out var pause, Patience), "nothing is told of a pause");
        return pause;
    }

    private sealed class Steps(Action<long> each) : IProgress<TrainingProgress>
    {
        private long _latest;

        public long Latest => Interlocked.Read(ref _latest);

        public void Report(TrainingProgress value)
        {
            Interlocked.Exchange(ref _latest, value.StepsDone);
            each(value.StepsDone);
        }
    }
}

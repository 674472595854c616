using FederatedOrleans.Evaluation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans;

/// <summary>The clock of the centre is set while it is at work: a centre of its own for each test, since others share one.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    // Longer than every deadline and lease of the plan.
    private static readonly TimeSpan Far = TimeSpan.FromHours(100);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Centre _centre = new() { AttemptDelay = TimeSpan.FromMinutes(30) };

    public ValueTask InitializeAsync() => _centre.InitializeAsync();

    public ValueTask DisposeAsync() => _centre.DisposeAsync();

    [Fact]
    public async Task A_round_keeps_the_time_that_it_had_left_and_its_hospitals()
    {
        var run = await ScriptedRun.BeginAsync(_centre);
        await run.TrainAsync();
        var before = await run.PhaseAsync(RoundPhase.Training);
        await AssertMovedAsync(run, before, Far);
        await AssertMovedAsync(run, before, -Far);
        foreach (var hospital in run.Hospitals)
        {
            // What the hospital works at was asked for all the time, until a deadline by the clock as it is: the next offer brings it.
            await Centre.UntilAsync(
                () => run.AssignmentAsync(hospital, AssignmentStage.Train),
                assignment => (assignment.Deadline - (before.PhaseDeadline - Far)).Duration() < Minute,
                $"{hospital} is told the deadline by the clock as it is");
            Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(hospital, [2, 2, 2])).Verdict);
        }

        var manifest = (await run.CommittedAsync(1)).Latest!.Manifest;
        Assert.Equal(1, manifest.Attempt);
        Assert.InRange(manifest.CommittedAt - manifest.BeganAt, TimeSpan.Zero, Minute);
    }

    [Fact]
    public async Task The_inbox_of_a_hospital_holds_what_is_offered_whatever_the_clock_says()
    {
        var run = await ScriptedRun.BeginAsync(_centre);
        await run.TrainAsync();
        for (var i = 0; i < 20; i++)
        {
            _centre.Time.Set(i % 2 == 0 ? Far : -Far);
            Assert.NotEmpty((await run.Hospital(run.Hospitals[0]).InboxAsync()).Assignments);
        }
    }

    [Fact]
    public async Task An_attempt_that_waits_for_its_time_does_not_wait_for_the_clock_to_come_back_to_it()
    {
        var run = await ScriptedRun.BeginAsync(_centre);
        Assert.True((await run.Run.AbandonRoundAsync("the test gives it up")).Done);
        await Centre.UntilAsync(
            () => run.Run.WhyAsync(), why => why!.Why.StartsWith("attempt 2 at round 1 begins at", StringComparison.Ordinal), "the attempt waits");
        _centre.Time.Set(-Far);
        await run.PhaseAsync(RoundPhase.Selecting, attempt: 2);
    }

    [Fact]
    public async Task An_evaluation_is_not_over_because_the_clock_was_set()
    {
        var run = await ScriptedRun.BeginAsync(_centre);
        await run.TrainAsync();
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, [1, 1, 1]);
        }

        await run.StatusAsync(RunStatus.Evaluating);
        foreach (var by in new[] { Far, -2 * Far })
        {
            var before = (await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Evaluate, attempt: 0)).Deadline;
            _centre.Time.Set(by);
            await Centre.UntilAsync(
                () => run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Evaluate, attempt: 0),
                now => (now.Deadline - before - by).Duration() < Minute,
                "the evaluation's deadline is moved");
        }

        var evaluation = _centre.Grains.GetGrain<IEvaluationGrain>(GrainKeys.Evaluation(run.Id, 1));
        foreach (var hospital in run.Hospitals)
        {
            Assert.True(await evaluation.ReportAsync(
                hospital, new EvaluationMetrics { NumExamples = 40, Accuracy = 0.8, Auc = 0.85, LogLoss = 0.5, MajorityRate = 0.6 }));
        }

        Assert.Equal(3, (await run.StatusAsync(RunStatus.Completed)).Latest!.Evaluations.Length);
    }

    private async Task AssertMovedAsync(ScriptedRun run, RoundView before, TimeSpan to)
    {
        var by = to > TimeSpan.Zero ? to : 2 * to;
        _centre.Time.Set(by);
        var view = await Centre.UntilAsync(
            async () => (await run.Coordinator().ViewAsync())!,
            view => view.Attempt != 1 || view.Phase != RoundPhase.Training || (view.PhaseDeadline - before.PhaseDeadline - to).Duration() < Minute,
            "the deadline is moved");
        Assert.Equal((1, RoundPhase.Training), (view.Attempt, view.Phase));
        Assert.All(view.Hospitals, hospital => Assert.False(hospital.Lost));
    }
}

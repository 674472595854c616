using FederatedOrleans.Hosting;
using FederatedOrleans.Models;
using FederatedOrleans.Rounds;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Runs;

[Collection(nameof(Centre))]
public sealed class FullRoundTests(Centre centre)
{
    [Fact]
    public async Task A_round_of_all_hospitals_commits_the_weighted_mean_of_their_updates()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        var epoch = await run.TrainAsync();
        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[2], [6, 0, 3], examples: 10, epoch: epoch)).Verdict);
        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[0], [1, 2, 3], examples: 30, epoch: epoch)).Verdict);
        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[1], [-2, 4, 3], examples: 60, epoch: epoch)).Verdict);
        var view = await run.CommittedAsync(1);

        // (30 (1,2,3) + 60 (-2,4,3) + 10 (6,0,3)) / 100, added to a model of zeros.
        await run.AssertModelAsync(1, -0.3f, 3.0f, 3.0f);
        var manifest = view.Latest!.Manifest;
        Assert.Equal((run.Id, 1, 1, epoch), (manifest.Run, manifest.Round, manifest.Attempt, manifest.Epoch));
        Assert.Equal(view.Summary.PlanDigest, manifest.PlanDigest);
        Assert.Equal(ParameterVector.Zeros(3).Digest, manifest.ModelBefore);
        Assert.Equal(new ParameterVector([-0.3f, 3.0f, 3.0f]).Digest, manifest.ModelAfter);
        Assert.Equal(run.Hospitals, manifest.Participants.Select(update => update.Hospital));
        Assert.Equal([30L, 60L, 10L], manifest.Participants.Select(update => update.NumExamples));
        Assert.Empty(manifest.LeftOut);

        foreach (var (hospital, values) in run.Hospitals.Zip(new float[][] { [1, 2, 3], [-2, 4, 3], [6, 0, 3] }))
        {
            var outcome = await run.OutcomeAsync(hospital);
            Assert.Equal((RoundDecision.Committed, new ParameterVector(values).Digest), (outcome.Decision, outcome.Included));
        }

        // The next round starts from the new model.
        Assert.Equal(manifest.ModelAfter, (await run.AssignmentAsync(run.Hospitals[0], Hospitals.AssignmentStage.Invited, round: 2)).Model);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_hospital_that_declines_is_left_out_with_its_reason()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.AcceptAsync(1, 1, run.Hospitals[0], run.Hospitals[2]);
        await run.AssignmentAsync(run.Hospitals[1], Hospitals.AssignmentStage.Invited);
        Assert.Equal(RoundVerdict.Applied, await run.Coordinator().AnswerAsync(run.Hospitals[1], 1, "not approved"));
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[2], [3, 3, 3]);
        var view = await run.CommittedAsync(1);

        await run.AssertModelAsync(1, 2f, 2f, 2f);
        Assert.Equal(new LeftOut(run.Hospitals[1], "declined: not approved"), Assert.Single(view.Latest!.Manifest.LeftOut));
        var outcome = await run.OutcomeAsync(run.Hospitals[1]);
        Assert.Equal(RoundDecision.Committed, outcome.Decision);
        Assert.True(outcome.Included.IsNone);
    }

    [Fact]
    public async Task A_lost_hospital_is_not_waited_for_beyond_its_lease()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[1], [3, 3, 3]);
        centre.Time.Pass(TimeSpan.FromMinutes(61));
        var view = await run.CommittedAsync(1);

        await run.AssertModelAsync(1, 2f, 2f, 2f);
        Assert.Equal("was not heard of for longer than its lease", Assert.Single(view.Latest!.Manifest.LeftOut).Reason);
    }

    [Fact]
    public async Task The_deadline_ends_a_round_below_the_minimum_and_exhausted_attempts_pause_the_run()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["round"]!["attempts"] = 2);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        centre.Time.Pass(TimeSpan.FromHours(11));
        Assert.Equal(RoundDecision.NotCommitted, (await run.OutcomeAsync(run.Hospitals[0])).Decision);

        await run.PhaseAsync(RoundPhase.Selecting, attempt: 2);
        centre.Time.Pass(TimeSpan.FromHours(4));
        var view = await run.StatusAsync(RunStatus.Paused);
        Assert.StartsWith("round 1 was given up 2 times, the last time because ", view.Summary.Reason, StringComparison.Ordinal);
        await run.AssertModelAsync(0, 0f, 0f, 0f);
    }

    [Fact]
    public async Task Pause_ends_the_attempt_and_resume_begins_another()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        Assert.True((await run.Run.PauseAsync("lunch")).Done);
        Assert.True((await run.Run.PauseAsync("again")).Done);
        Assert.Equal(RoundDecision.NotCommitted, (await run.OutcomeAsync(run.Hospitals[0])).Decision);
        await run.PhaseAsync(RoundPhase.Abandoned);
        var late = await run.UploadAsync(run.Hospitals[1], [1, 1, 1]);
        Assert.Equal(IntakeVerdict.Refused, late.Verdict);

        Assert.True((await run.Run.ResumeAsync()).Done);
        var epoch = await run.TrainAsync(attempt: 2);
        Assert.Equal(2, epoch);
        Assert.Equal(IntakeVerdict.Refused, (await run.UploadAsync(run.Hospitals[0], [1, 1, 1], attempt: 1, epoch: 1)).Verdict);
        foreach (var hospital in run.Hospitals)
        {
            Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(hospital, [2, 2, 2], attempt: 2, epoch: 2)).Verdict);
        }

        var view = await run.CommittedAsync(1);
        Assert.Equal(2, view.Latest!.Manifest.Attempt);
        Assert.Equal(RoundDecision.NotCommitted, (await run.OutcomeAsync(run.Hospitals[0], attempt: 1)).Decision);
        Assert.Equal(RoundDecision.Committed, (await run.OutcomeAsync(run.Hospitals[0], attempt: 2)).Decision);
    }

    [Fact]
    public async Task Stop_right_after_pause_still_ends_the_attempt_under_way()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await Task.WhenAll(run.Run.PauseAsync("wait"), run.Run.StopAsync("no more"));
        await run.PhaseAsync(RoundPhase.Abandoned);

        Assert.Equal(RunStatus.Stopped, (await run.StatusAsync(RunStatus.Stopped)).Summary.Status);
        var refused = await run.Run.ResumeAsync();
        Assert.False(refused.Done);
        Assert.Contains("stopped", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(RoundDecision.NotCommitted, (await run.OutcomeAsync(run.Hospitals[0])).Decision);
    }
}

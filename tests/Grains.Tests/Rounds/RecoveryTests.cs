using System.Collections.Concurrent;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>Whatever dies, the round goes on from what is stored, and commits once.</summary>
[Collection(nameof(Centre))]
public sealed class RecoveryTests(Centre centre)
{
    public static TheoryData<RoundPhase> Phases => [RoundPhase.Selecting, RoundPhase.Training, RoundPhase.Closing, RoundPhase.Committing, RoundPhase.Committed];

    [Fact]
    public async Task A_lost_aggregator_asks_for_the_updates_again_and_the_round_commits_once()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[1], [2, 2, 2]);
        await centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, 1)).DiscardAsync(default);
        Assert.Equal(2, (await run.AssignmentAsync(run.Hospitals[0], Hospitals.AssignmentStage.Train, epoch: 2)).Epoch);

        Assert.Equal(IntakeVerdict.Stale, (await run.UploadAsync(run.Hospitals[2], [3, 3, 3], epoch: 1)).Verdict);
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1], epoch: 2);
        await run.UploadAsync(run.Hospitals[1], [2, 2, 2], epoch: 2);
        await run.UploadAsync(run.Hospitals[2], [3, 3, 3], epoch: 2);
        var view = await run.CommittedAsync(1);
        Assert.Equal(2, view.Latest!.Manifest.Epoch);
        await run.AssertModelAsync(1, 2, 2, 2);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_coordinator_and_a_run_that_die_go_on_from_what_is_stored(RoundPhase phase)
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.PhaseAsync(RoundPhase.Selecting);
        await LoseAsync(run, phase, RoundPhase.Selecting);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        await LoseAsync(run, phase, RoundPhase.Training);
        Assert.Equal(IntakeVerdict.Counted, (await run.UploadAsync(run.Hospitals[0], [1, 1, 1])).Verdict);
        await run.UploadAsync(run.Hospitals[1], [2, 2, 2]);
        if (phase is RoundPhase.Closing or RoundPhase.Committing)
        {
            // The write of that phase is stored, but the coordinator is not told: it dies with it.
            centre.Storage.FailOnce((state, key, value) => key == GrainKeys.Round(run.Id, 1)
                && value is RoundCoordinatorState { Round.Phase: var reached } && reached == phase ? WriteFault.StoredButNotTold : WriteFault.None);
        }

        await Centre.UntilAsync(() => TryUploadAsync(run), done => done, "the last update is answered");
        await run.CommittedAsync(1);
        Assert.False(centre.Storage.FaultIsPending);
        await LoseAsync(run, phase, RoundPhase.Committed);
        await run.AssertModelAsync(1, 2, 2, 2);
        await run.PhaseAsync(RoundPhase.Selecting, round: 2);
        Assert.Equal(1, (await run.Run.ViewAsync())!.Summary.CommittedRounds);
        await run.Run.StopAsync("the test is over");
    }

    [Theory]
    [InlineData(RoundPhase.Closing)]
    [InlineData(RoundPhase.Committing)]
    public async Task A_coordinator_that_dies_when_nobody_calls_it_is_woken_by_its_run(RoundPhase phase)
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        await run.UploadAsync(run.Hospitals[1], [2, 2, 2]);
        centre.Storage.FailOnce((_, key, value) => key == GrainKeys.Round(run.Id, 1)
            && value is RoundCoordinatorState { Round.Phase: var reached } && reached == phase ? WriteFault.StoredButNotTold : WriteFault.None);
        await TryUploadAsync(run);

        // Only the run is asked, and it asks nobody for this answer.
        Assert.Equal(RoundDecision.Committed, (await run.OutcomeAsync(run.Hospitals[0])).Decision);
        Assert.Equal(2, (await run.AssignmentAsync(run.Hospitals[0], Hospitals.AssignmentStage.Invited, round: 2)).Round);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_commit_is_stored_by_the_run_alone_and_a_coordinator_that_dies_after_it_learns_of_it_again()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        var written = new ConcurrentQueue<RoundPhase>();
        centre.Storage.Holding = (key, state) =>
        {
            if (key == GrainKeys.Round(run.Id, 1) && state is RoundCoordinatorState coordinator)
            {
                written.Enqueue(coordinator.Round.Phase);
            }

            return Task.CompletedTask;
        };
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, [2, 2, 2]);
        }

        await run.CommittedAsync(1);
        await run.PhaseAsync(RoundPhase.Committed);
        await LoseAsync(run, RoundPhase.Committed, RoundPhase.Committed);
        await run.PhaseAsync(RoundPhase.Committed);
        await run.PhaseAsync(RoundPhase.Selecting, round: 2);
        centre.Storage.Holding = null;

        Assert.Equal(RoundPhase.Committing, written.Last());
        Assert.DoesNotContain(RoundPhase.Committed, written);
        await run.AssertModelAsync(1, 2, 2, 2);
        await run.Run.StopAsync("the test is over");
    }

    [Theory]
    [InlineData(nameof(WriteFault.NotStored))]
    [InlineData(nameof(WriteFault.StoredButNotTold))]
    public async Task A_commit_whose_write_fails_is_made_once(string fault)
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        centre.Storage.FailOnce((_, key, value) => key == GrainKeys.Run(run.Id) && value is RunState { CommittedRounds: 1 }
            ? Enum.Parse<WriteFault>(fault) : WriteFault.None);
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, [2, 2, 2]);
        }

        await run.CommittedAsync(1);
        await run.PhaseAsync(RoundPhase.Committed);
        await run.PhaseAsync(RoundPhase.Selecting, round: 2);
        Assert.False(centre.Storage.FaultIsPending);
        await run.AssertModelAsync(1, 2, 2, 2);
        await run.Run.StopAsync("the test is over");
    }

    [Theory]
    [InlineData(nameof(WriteFault.NotStored))]
    [InlineData(nameof(WriteFault.StoredButNotTold))]
    public async Task An_acceptance_that_could_not_be_stored_is_not_answered_and_the_retry_works(string fault)
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.AssignmentAsync(run.Hospitals[0], Hospitals.AssignmentStage.Invited);
        centre.Storage.FailOnce((state, key, _) => key == GrainKeys.Round(run.Id, 1) ? Enum.Parse<WriteFault>(fault) : WriteFault.None);
        await Assert.ThrowsAnyAsync<Exception>(() => run.Coordinator().AnswerAsync(run.Hospitals[0], 1, null));

        var again = await Centre.UntilAsync(() => AnswerAsync(run, run.Hospitals[0]), verdict => verdict is not null, "the answer is taken");
        Assert.Contains(again!.Value, new[] { RoundVerdict.Applied, RoundVerdict.Duplicate });
        var view = await run.Coordinator().ViewAsync();
        Assert.Equal(ParticipantStatus.Accepted, view!.Hospitals[0].Status);
        await run.Run.StopAsync("the test is over");
    }

    [Theory]
    [InlineData(nameof(WriteFault.NotStored))]
    [InlineData(nameof(WriteFault.StoredButNotTold))]
    public async Task An_update_that_could_not_be_stored_gets_no_receipt_and_the_retry_counts_it_once(string fault)
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        centre.Storage.FailOnce((_, key, value) => key == GrainKeys.Round(run.Id, 1) && value is RoundCoordinatorState { Round.Counted.Length: 2 }
            ? Enum.Parse<WriteFault>(fault) : WriteFault.None);
        await Assert.ThrowsAnyAsync<Exception>(() => run.UploadAsync(run.Hospitals[1], [2, 2, 2]));
        await Centre.UntilAsync(() => TryUploadAsync(run, 1), done => done, "the update is taken");
        await Centre.UntilAsync(() => TryUploadAsync(run), done => done, "the last update is taken");
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 2, 2, 2);
    }

    private static async Task LoseAsync(ScriptedRun run, RoundPhase wanted, RoundPhase here)
    {
        if (wanted == here)
        {
            await Centre.DeactivateAsync(run.Coordinator());
            await Centre.DeactivateAsync(run.Run);
        }
    }

    private static async Task<RoundVerdict?> AnswerAsync(ScriptedRun run, string hospital)
    {
        try
        {
            return await run.Coordinator().AnswerAsync(hospital, 1, null);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    /// <summary>Uploads as a hospital does: again after a failure, and from the outbox into a newer epoch.</summary>
    private static async Task<bool> TryUploadAsync(ScriptedRun run, int hospital = 2)
    {
        try
        {
            var values = new ParameterVector([hospital + 1, hospital + 1, hospital + 1]);
            var result = await run.AppendAsync(run.Address(run.Hospitals[hospital], values.Digest), 10, 0, values.ToBytes());
            return result.Verdict is IntakeVerdict.Counted
                || (await run.Lifecycle.OutcomeAsync(1, 1, run.Hospitals[hospital])).Decision == RoundDecision.Committed;
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            return false;
        }
    }
}

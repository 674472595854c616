using System.Collections.Concurrent;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>What docs/rounds.md says of committing and counting once, where no other test says it.</summary>
[Collection(nameof(Centre))]
public sealed class ExactlyOnceTests(Centre centre)
{
    [Fact]
    public async Task An_aggregator_serves_the_nonce_it_was_opened_with_and_its_next_activation_holds_nothing_under_that_of_the_first()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        var summary = (await run.Run.ViewAsync())!.Summary;
        var aggregator = centre.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run.Id, 1, 1, 99));
        var open = new OpenAggregator { Nonce = Guid.NewGuid(), PlanDigest = summary.PlanDigest, BaseModel = new ParameterVector([0, 0, 0]).Digest };
        var update = new ParameterVector([1, 2, 3]);
        StageChunk Chunk(Guid incarnation) => new()
        {
            Incarnation = incarnation, Hospital = "h", Digest = update.Digest, NumExamples = 10, Offset = 0, Bytes = update.ToBytes(),
        };

        var first = await aggregator.OpenAsync(open);
        Assert.NotEqual(Guid.Empty, first);
        Assert.Equal(first, await aggregator.OpenAsync(open));
        Assert.Equal(Guid.Empty, await aggregator.OpenAsync(open with { Nonce = Guid.NewGuid() }));
        Assert.Equal(StagingVerdict.Complete, (await aggregator.StageAsync(Chunk(first))).Verdict);

        await aggregator.DiscardAsync(default);

        // A late chunk opens nothing, and a repeated opening brings another incarnation, for which the coordinator voids the epoch.
        await Centre.UntilAsync(
            async () => (await aggregator.StageAsync(Chunk(first))).Verdict, verdict => verdict == StagingVerdict.Lost, "the activation is gone");
        var second = await aggregator.OpenAsync(open);
        Assert.NotEqual(first, second);
        Assert.Equal(StagingVerdict.Lost, (await aggregator.StageAsync(Chunk(first))).Verdict);
        Assert.Equal(0, (await aggregator.HeldAsync(second, "h", update.Digest)).Held);
        Assert.True((await aggregator.FoldAsync(second, [new ParticipantUpdate("h", update.Digest, 10)])).Lost);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task The_run_is_asked_to_commit_only_once_it_is_stored_that_the_aggregate_is_there()
    {
        var written = new ConcurrentQueue<string>();
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        var failed = false;
        centre.Storage.Holding = (key, state) =>
        {
            switch (state)
            {
                case RoundCoordinatorState { Round.Phase: RoundPhase.Committing } when key == GrainKeys.Round(run.Id, 1):
                    written.Enqueue(failed ? "ready" : "ready, not stored");
                    break;
                case RunState { CommittedRounds: 1 } committed when key == GrainKeys.Run(run.Id):
                    var digest = committed.Newest[0].Model.Hex;
                    written.Enqueue(File.Exists(Path.Combine(centre.BlobFolder, digest[..2], digest)) ? "commit" : "commit without a model");
                    break;
            }

            return Task.CompletedTask;
        };
        centre.Storage.FailOnce((_, key, state) =>
        {
            failed |= key == GrainKeys.Round(run.Id, 1) && state is RoundCoordinatorState { Round.Phase: RoundPhase.Committing };
            return failed ? WriteFault.NotStored : WriteFault.None;
        });
        try
        {
            foreach (var hospital in run.Hospitals)
            {
                await run.UploadAsync(hospital, [1, 1, 1]);
            }

            await run.CommittedAsync(1);
        }
        finally
        {
            centre.Storage.Holding = null;
        }

        Assert.Equal(["ready, not stored", "ready", "commit"], written);
        await run.AssertModelAsync(1, 1, 1, 1);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task Of_commit_and_abandon_the_first_wins_and_what_is_decided_stays()
    {
        var model = ParameterVector.Zeros(3).Digest;
        CommitRound Commit(ScriptedRun run) => new()
        {
            Round = 1,
            Attempt = 1,
            Epoch = 1,
            NewModel = model,
            Participants = [new(run.Hospitals[0], model, 10), new(run.Hospitals[1], model, 10)],
            LeftOut = [],
            BeganAt = centre.Time.GetUtcNow(),
        };
        var abandoned = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await abandoned.TrainAsync();
        Assert.Equal(RoundDecision.Pending, (await abandoned.Lifecycle.OutcomeAsync(1, 1, abandoned.Hospitals[0])).Decision);
        Assert.Equal(RoundDecision.NotCommitted, await abandoned.Lifecycle.AbandonAsync(1, 1, "the test says so"));
        Assert.Equal(RoundDecision.NotCommitted, await abandoned.Lifecycle.CommitAsync(Commit(abandoned)));
        Assert.Equal(0, (await abandoned.Run.ViewAsync())!.Summary.CommittedRounds);

        var committed = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await committed.TrainAsync();
        Assert.Equal(RoundDecision.Committed, await committed.Lifecycle.CommitAsync(Commit(committed)));
        var first = (await committed.Run.ViewAsync())!.Latest!.Manifest;
        Assert.Equal(RoundDecision.Committed, await committed.Lifecycle.AbandonAsync(1, 1, "too late"));
        Assert.Equal(RoundDecision.Committed, await committed.Lifecycle.CommitAsync(
            Commit(committed) with { NewModel = new ParameterVector([9, 9, 9]).Digest, Participants = [] }));
        var again = (await committed.Run.ViewAsync())!;
        Assert.Equal(1, again.Summary.CommittedRounds);
        Assert.Equal((first.ModelAfter, first.CommittedAt), (again.Latest!.Manifest.ModelAfter, again.Latest.Manifest.CommittedAt));

        await abandoned.Run.StopAsync("the test is over");
        await committed.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_repeated_answer_is_not_answered_before_what_it_repeats_is_stored()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.AssignmentAsync(run.Hospitals[0], Hospitals.AssignmentStage.Invited);
        var (writing, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        centre.Storage.Holding = (key, state) =>
        {
            if (key != GrainKeys.Round(run.Id, 1) || state is not RoundCoordinatorState { Round.Participants: [{ Status: ParticipantStatus.Accepted }, ..] })
            {
                return Task.CompletedTask;
            }

            writing.TrySetResult();
            return held.Task;
        };
        centre.Storage.FailOnce((_, key, _) => key == GrainKeys.Round(run.Id, 1) && writing.Task.IsCompleted ? WriteFault.NotStored : WriteFault.None);
        try
        {
            var answer = run.Coordinator().AnswerAsync(run.Hospitals[0], 1, null);
            await writing.Task.WaitAsync(TestContext.Current.CancellationToken);
            var repeated = run.Coordinator().AnswerAsync(run.Hospitals[0], 1, null);

            // Messages between two ends keep their order: once the view is here, the repetition is there. Nobody sees what is not stored.
            Assert.Equal(ParticipantStatus.Invited, (await run.Coordinator().ViewAsync())!.Hospitals[0].Status);
            Assert.False(repeated.IsCompleted);
            held.SetResult();
            await Assert.ThrowsAnyAsync<Exception>(() => answer);
            await Assert.ThrowsAnyAsync<Exception>(() => repeated);
        }
        finally
        {
            centre.Storage.Holding = null;
            held.TrySetResult();
        }

        await run.Run.StopAsync("the test is over");
    }
}

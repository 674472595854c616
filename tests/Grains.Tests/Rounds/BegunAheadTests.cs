using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>What the next phase asks for is begun while that phase is written, and decides nothing before it is.</summary>
[Collection(nameof(Centre))]
public sealed class BegunAheadTests(Centre centre)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_model_is_stored_while_the_close_is_written_and_the_manifest_while_that_is()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        var (closing, committing) = (new HeldWrite(run.Id, RoundPhase.Closing), new HeldWrite(run.Id, RoundPhase.Committing));
        centre.Storage.Holding = (key, state) => Task.WhenAll(closing.Hold(key, state), committing.Hold(key, state));
        var uploads = run.Hospitals.Select(hospital => run.UploadAsync(hospital, [1, 1, 1])).ToArray();
        try
        {
            await closing.Begun.WaitAsync(Token);
            var model = new ParameterVector([1, 1, 1]).Digest.Hex;
            await Centre.UntilAsync(
                () => Task.FromResult(File.Exists(Path.Combine(centre.BlobFolder, model[..2], model))), stored => stored, "the model is stored");
            Assert.Equal(RoundPhase.Training, (await run.Coordinator().ViewAsync(Token))!.Phase);

            closing.GoOn();
            await committing.Begun.WaitAsync(Token);
            await Centre.UntilAsync(() => Task.FromResult(Manifests(run)), manifests => manifests == 1, "the manifest is stored");
            Assert.Equal(RoundPhase.Closing, (await run.Coordinator().ViewAsync(Token))!.Phase);
            Assert.Equal(0, (await run.Run.ViewAsync(Token))!.Summary.CommittedRounds);
        }
        finally
        {
            centre.Storage.Holding = null;
            closing.GoOn();
            committing.GoOn();
        }

        Assert.All(await Task.WhenAll(uploads), result => Assert.Equal(IntakeVerdict.Counted, result.Verdict));
        await run.CommittedAsync(1);
        await run.AssertModelAsync(1, 1, 1, 1);
        Assert.Equal(1, Manifests(run));
        await run.Run.StopAsync("the test is over", Token);
    }

    [Fact]
    public async Task Where_another_set_is_frozen_than_was_folded_for_a_close_that_was_never_written_nothing_is_lost()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[1], [2, 2, 2]);
        await run.UploadAsync(run.Hospitals[2], [3, 3, 3]);

        var closing = new HeldWrite(run.Id, RoundPhase.Closing);
        centre.Storage.Holding = closing.Hold;
        centre.Storage.FailOnce((_, key, state) =>
            key == GrainKeys.Round(run.Id, 1) && state is RoundCoordinatorState { Round.Phase: RoundPhase.Closing }
                ? WriteFault.NotStored : WriteFault.None);
        var asked = run.Coordinator().CloseAsync(1, Token);
        try
        {
            await closing.Begun.WaitAsync(Token);
            var folded = new ParameterVector([2.5f, 2.5f, 2.5f]).Digest.Hex;
            await Centre.UntilAsync(
                () => Task.FromResult(File.Exists(Path.Combine(centre.BlobFolder, folded[..2], folded))), stored => stored, "the two are folded");
        }
        finally
        {
            centre.Storage.Holding = null;
            closing.GoOn();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => asked);

        // The first of all three comes before what was added up; nobody uploads again for that.
        Assert.Equal(IntakeVerdict.Counted, (await UploadAgainAsync(run, 0, 1)).Verdict);
        var manifest = (await run.CommittedAsync(1)).Latest!.Manifest;
        Assert.Equal((1, 3), (manifest.Epoch, manifest.Participants.Length));
        await run.AssertModelAsync(1, 2, 2, 2);
    }

    [Fact]
    public async Task What_is_prepared_decides_nothing_and_serves_the_very_commit_it_is_of()
    {
        var run = await ScriptedRun.BeginAsync(centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        var model = ParameterVector.Zeros(3).Digest;
        var commit = new CommitRound
        {
            Round = 1,
            Attempt = 1,
            Epoch = 1,
            NewModel = model,
            Participants = [new(run.Hospitals[0], model, 10), new(run.Hospitals[1], model, 10)],
            LeftOut = [new(run.Hospitals[2], "it did not report")],
            BeganAt = centre.Time.GetUtcNow(),
        };

        await run.Lifecycle.PrepareCommitAsync(commit with { Attempt = 2 });
        await run.Lifecycle.PrepareCommitAsync(commit with { Participants = [new(run.Hospitals[0], model, 10), new(run.Hospitals[1], model, 11)] });
        await Centre.UntilAsync(() => Task.FromResult(Manifests(run)), manifests => manifests == 1, "a manifest is stored");
        Assert.Equal(0, (await run.Run.ViewAsync(Token))!.Summary.CommittedRounds);
        Assert.Equal(RoundDecision.Pending, (await run.Lifecycle.OutcomeAsync(1, 1, run.Hospitals[0], Token)).Decision);

        Assert.Equal(RoundDecision.Committed, await run.Lifecycle.CommitAsync(commit, Token));
        var manifest = (await run.Run.ViewAsync(Token))!.Latest!.Manifest;
        Assert.Equal([10, 10], manifest.Participants.Select(update => update.NumExamples));
        Assert.Equal(2, Manifests(run));
        await run.Run.StopAsync("the test is over", Token);
    }

    [Fact]
    public void A_prepared_commit_is_for_the_same_one_within_ten_seconds()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var model = ParameterVector.Zeros(3).Digest;
        CommitRound Commit() => new()
        {
            Round = 1, Attempt = 1, Epoch = 1, NewModel = model, Participants = [new("a", model, 10)], LeftOut = [new("b", "late")], BeganAt = at,
        };
        var manifest = new RoundManifest
        {
            Run = "r", Round = 1, Attempt = 1, Epoch = 1, PlanDigest = model, ModelBefore = model, ModelAfter = model,
            Participants = Commit().Participants, LeftOut = Commit().LeftOut, BeganAt = at, CommittedAt = at,
        };
        var prepared = new PreparedCommit(Commit(), manifest, model);

        Assert.True(prepared.IsFor(Commit(), at));
        Assert.True(prepared.IsFor(Commit(), at.AddMilliseconds(9_999)));
        Assert.False(prepared.IsFor(Commit(), at.AddSeconds(10)));
        Assert.False(prepared.IsFor(Commit(), at.AddSeconds(-10)));
        CommitRound[] others =
        [
            Commit() with { Round = 2 }, Commit() with { Attempt = 2 }, Commit() with { Epoch = 2 }, Commit() with { NewModel = ContentDigest.Of([1]) },
            Commit() with { Participants = [] }, Commit() with { Participants = [new("a", model, 11)] }, Commit() with { LeftOut = [] },
            Commit() with { BeganAt = at.AddTicks(1) },
        ];
        Assert.All(others, other => Assert.False(prepared.IsFor(other, at)));
    }

    private int Manifests(ScriptedRun run) => Directory.EnumerateFiles(centre.BlobFolder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file).Length == 64 && new FileInfo(file).Length < 4096)
        .Count(file => File.ReadAllText(file) is var text && text.Contains($"\"{run.Id}\"", StringComparison.Ordinal) && text.Contains("committedAt", StringComparison.Ordinal));

    /// <summary>Uploads as a hospital does: again while its coordinator comes back.</summary>
    private static Task<IntakeResult> UploadAgainAsync(ScriptedRun run, int hospital, long epoch) => Centre.UntilAsync(
        async () =>
        {
            try
            {
                var value = hospital + 1f;
                return await run.UploadAsync(run.Hospitals[hospital], [value, value, value], epoch: epoch);
            }
            catch (OrleansException)
            {
                return new IntakeResult(IntakeVerdict.Busy, 0, epoch);
            }
        },
        result => result.Verdict != IntakeVerdict.Busy,
        $"hospital {hospital} uploads");

    /// <summary>Holds the write by which a round comes into a phase.</summary>
    private sealed class HeldWrite(string run, RoundPhase phase)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task Hold(string key, object? state)
        {
            if (key != GrainKeys.Round(run, 1) || state is not RoundCoordinatorState { Round: { } round } || round.Phase != phase)
            {
                return Task.CompletedTask;
            }

            _begun.TrySetResult();
            return _held.Task;
        }

        public void GoOn() => _held.TrySetResult();
    }
}

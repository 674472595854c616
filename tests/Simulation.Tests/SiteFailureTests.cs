using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Simulation;

/// <summary>What a site does about a job that fails: what would fail again is told to the centre at once, what may pass is tried again.</summary>
public sealed class SiteFailureTests
{
    [Fact]
    public async Task A_failure_that_would_come_again_is_told_and_not_tried_again()
    {
        var left = int.MaxValue;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            // The next reading is that of the consent, the one after it that of the training.
            Answering = (_, refusal, _) =>
            {
                Volatile.Write(ref left, refusal == SiteRefusal.None ? 2 : 0);
                return Task.CompletedTask;
            },
        });
        federation.Catalog.Load = () => Interlocked.Decrement(ref left) > 0
            ? Toy.Dataset(TestFederation.Victim)
            : throw new InvalidOperationException("A fault in the program, with a value 987 in its text.");
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 3), federation.Token);

        var version = Assert.Single(await federation.VersionsAsync(run));
        Assert.Equal(new LeftOut(TestFederation.Victim, $"failed: {HospitalWording.TrainingFailed}"), Assert.Single(version.Manifest.LeftOut));
        Assert.InRange(federation.Catalog.Loads, 1, 20);
        await federation.UntilAsync(async () => (await federation.StateAsync(run)) is { SettledRound: 1, Accepted: null });
    }

    [Fact]
    public async Task A_dataset_that_has_lost_rows_since_the_last_round_is_faulty()
    {
        var answered = 0;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Answering = (id, _, _) =>
            {
                Volatile.Write(ref answered, id.Round);
                return Task.CompletedTask;
            },
        });

        // A round takes all of the 20 rows: the next would begin at their end.
        federation.Catalog.Load = () => Toy.Dataset(TestFederation.Victim, Volatile.Read(ref answered) < 2 ? 20 : 10);
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 2, minimumReports: 3), federation.Token);

        var versions = await federation.VersionsAsync(run);
        Assert.Contains(versions[0].Manifest.Participants, update => update.Hospital == TestFederation.Victim);
        Assert.Equal(new LeftOut(TestFederation.Victim, $"failed: {HospitalWording.DataFaulty}"), Assert.Single(versions[1].Manifest.LeftOut));
    }

    [Fact]
    public async Task A_failure_that_passes_is_tried_again_after_pauses_that_grow()
    {
        const int Failures = 4;
        var tries = new List<long>();
        var isAccepted = false;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Answering = (_, _, _) => Task.FromResult(isAccepted = true),
            Downloading = (_, _) =>
            {
                // The plan is here: what is asked for after the answer is the model.
                if (!Volatile.Read(ref isAccepted) || tries.Count > Failures)
                {
                    return Task.CompletedTask;
                }

                tries.Add(TimeProvider.System.GetTimestamp());
                return tries.Count <= Failures ? throw new IOException("The connection broke.") : Task.CompletedTask;
            },
        });
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);

        Assert.Single(await federation.VersionsAsync(run));
        Assert.Equal(Failures + 1, tries.Count);

        // Between half and all of 250 ms, 500 ms, 1 s, 2 s. A machine under load makes them longer, never shorter.
        Assert.All(
            Enumerable.Range(0, Failures),
            failure => Assert.True(
                TimeProvider.System.GetElapsedTime(tries[failure], tries[failure + 1]) >= TimeSpan.FromMilliseconds(120 << failure)));
    }

    [Fact]
    public async Task A_plan_that_is_slow_to_come_does_not_keep_a_job_from_being_ended()
    {
        var uploading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Downloading = (_, token) =>
            {
                if (!uploading.Task.IsCompleted)
                {
                    return Task.CompletedTask;
                }

                hanging.TrySetResult();
                return Task.Delay(Timeout.Infinite, token);
            },
            Uploading = async (_, token) =>
            {
                uploading.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    ended.TrySetResult();
                }
            },
        });
        var first = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);
        await uploading.Task.WaitAsync(federation.Token);

        // The second run's plan has other bytes, and never comes.
        await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 2, minimumReports: 4), federation.Token);
        await hanging.Task.WaitAsync(federation.Token);
        Assert.True((await federation.Simulation.Run(first).StopAsync("the test", federation.Token)).Done);

        await ended.Task.WaitAsync(federation.Token);
    }

    [Fact]
    public async Task Bytes_that_move_are_progress_before_and_after_training_too()
    {
        var whileDownloading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var whileUploading = new TaskCompletionSource<SiteProgress>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (isAccepted, isUploading) = (false, false);
        await using var federation = await TestFederation.StartAsync((link, deadline) => new ScriptedLink(link)
        {
            Answering = (_, _, _) => Task.FromResult(isAccepted = true),

            // The model has arrived but for its end: the end comes once the centre has heard of the bytes before it.
            Downloaded = (_, _) => Volatile.Read(ref isAccepted) ? whileDownloading.Task.WaitAsync(deadline) : Task.CompletedTask,
            Uploading = async (upload, token) =>
            {
                // What training has told last may still be on its way.
                Volatile.Write(ref isUploading, true);
                await using var bytes = upload.Open();
                while (!whileUploading.Task.IsCompleted)
                {
                    bytes.Position = 0;
                    await bytes.ReadExactlyAsync(new byte[4], token);
                    await Task.Delay(50, token);
                }
            },
            Progress = (_, progress) =>
            {
                whileDownloading.TrySetResult();
                if (Volatile.Read(ref isUploading) && progress.Work == SiteWork.Uploading)
                {
                    whileUploading.TrySetResult(progress);
                }
            },
        });
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);

        Assert.Single(await federation.VersionsAsync(run));
        Assert.Equal(new SiteProgress(SiteWork.Uploading, 5, 5, BytesDone: 4, BytesTotal: 12), await whileUploading.Task);
    }
}

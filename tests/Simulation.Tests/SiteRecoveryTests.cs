using System.Collections.Concurrent;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;
using FederatedOrleans.Site.Participants;
using Orleans.Hosting;

namespace FederatedOrleans.Simulation;

/// <summary>A site that is ended at the worst points, or loses its outbox: nothing is trained twice that was recorded, nothing hangs.</summary>
public sealed class SiteRecoveryTests
{
    [Fact]
    public async Task A_restarted_site_uploads_what_its_outbox_holds_and_trains_nothing_again()
    {
        var uploading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = true;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Uploading = (_, token) => Hold(ref holding, uploading, token),
        });
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);
        await uploading.Task.WaitAsync(federation.Token);
        await federation.Simulation.StopHospitalAsync(TestFederation.Victim);
        var recorded = (await federation.StateAsync(run)).Outbox!.Digest;
        Volatile.Write(ref holding, false);
        await federation.Simulation.StartHospitalAsync(TestFederation.Victim, federation.Token);

        var version = Assert.Single(await federation.VersionsAsync(run));
        Assert.Equal(recorded, version.Manifest.Participants.Single(update => update.Hospital == TestFederation.Victim).Digest);
        Assert.Equal(1, await federation.TrainingsAsync());
        await federation.UntilAsync(() => Task.FromResult(federation.OutboxFiles.Length == 0));
    }

    [Fact]
    public async Task A_crash_between_an_update_and_its_record_costs_one_training_and_leaves_no_file()
    {
        var recording = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var crashed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var federation = await TestFederation.StartAsync(configure: silo => silo.AddIncomingGrainCallFilter(async call =>
        {
            if (call.MethodName == nameof(IParticipantGrain.RecordAsync) && !crashed.Task.IsCompleted
                && call.TargetId.Key.ToString()!.StartsWith(SiteKeys.Participant(TestFederation.Victim, ""), StringComparison.Ordinal))
            {
                recording.TrySetResult();
                await crashed.Task;
                throw new InvalidOperationException("The process is gone.");
            }

            await call.Invoke();
        }));
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);
        await recording.Task.WaitAsync(federation.Token);
        var stopped = federation.Simulation.StopHospitalAsync(TestFederation.Victim);
        crashed.SetResult();
        await stopped;
        Assert.Single(federation.OutboxFiles);
        Assert.Null((await federation.StateAsync(run)).Outbox);
        await federation.Simulation.StartHospitalAsync(TestFederation.Victim, federation.Token);

        Assert.Equal(4, Assert.Single(await federation.VersionsAsync(run)).Manifest.Participants.Length);
        Assert.Equal(2, await federation.TrainingsAsync());
        await federation.UntilAsync(() => Task.FromResult(federation.OutboxFiles.Length == 0));
    }

    [Fact]
    public async Task An_update_that_counts_is_settled_though_its_file_is_gone_and_the_next_round_goes_on()
    {
        var holding = true;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            AskingOutcome = (_, _) => Volatile.Read(ref holding) ? throw new IOException("The connection broke.") : Task.CompletedTask,
        });
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 2, minimumReports: 4), federation.Token);
        await federation.CommittedAsync(run, 1);
        await federation.Simulation.StopHospitalAsync(TestFederation.Victim);
        var staged = (await federation.StateAsync(run)).Outbox!.Staged;
        Array.ForEach(federation.OutboxFiles, File.Delete);
        Volatile.Write(ref holding, false);
        await federation.Simulation.StartHospitalAsync(TestFederation.Victim, federation.Token);

        Assert.All(await federation.VersionsAsync(run), version => Assert.Equal(4, version.Manifest.Participants.Length));
        await federation.UntilAsync(async () => (await federation.StateAsync(run)).SettledRound == 2);
        var memory = (await federation.StateAsync(run)).Memory;

        // Both rounds were included, each with what it left behind: 20 rows a round.
        Assert.Equal((0, 20), (staged.Iterator.Pass, staged.Iterator.Position));
        Assert.Equal((1, 20), (memory.Iterator.Pass, memory.Iterator.Position));
        Assert.Equal(2, await federation.TrainingsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_update_whose_file_is_lost_or_changed_before_it_was_sent_is_given_up(bool isChanged)
    {
        var uploading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = true;
        await using var federation = await TestFederation.StartAsync((link, _) => new ScriptedLink(link)
        {
            Uploading = (_, token) => Hold(ref holding, uploading, token),
        });
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 3), federation.Token);
        await uploading.Task.WaitAsync(federation.Token);
        await federation.Simulation.StopHospitalAsync(TestFederation.Victim);
        var file = Assert.Single(federation.OutboxFiles);
        if (isChanged)
        {
            var bytes = await File.ReadAllBytesAsync(file, federation.Token);
            bytes[0] ^= 1;
            await File.WriteAllBytesAsync(file, bytes, federation.Token);
        }
        else
        {
            File.Delete(file);
        }

        Volatile.Write(ref holding, false);
        await federation.Simulation.StartHospitalAsync(TestFederation.Victim, federation.Token);

        var version = Assert.Single(await federation.VersionsAsync(run));
        Assert.Equal(new LeftOut(TestFederation.Victim, $"failed: {HospitalWording.TrainingFailed}"), Assert.Single(version.Manifest.LeftOut));
        Assert.Equal(1, await federation.TrainingsAsync());
    }

    [Fact]
    public async Task A_new_epoch_gets_the_same_bytes_from_the_outboxes_without_training()
    {
        var uploads = new ConcurrentQueue<(string Hospital, long Epoch, ContentDigest Digest)>();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var federation = await TestFederation.StartAsync(wrapAll: (hospital, link) => new ScriptedLink(link)
        {
            Uploading = (upload, token) =>
            {
                uploads.Enqueue((hospital, upload.Epoch, upload.Digest));
                return hospital == "alpha" ? released.Task.WaitAsync(token) : Task.CompletedTask;
            },
        });
        var run = await federation.Simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), federation.Token);
        await federation.Simulation.WaitForAsync(
            run, occurred => occurred is { Kind: RunEventKind.HospitalReported, Hospital: TestFederation.Victim }, federation.Token);

        // What it had staged is gone; alpha has not sent yet, so that the round can't close before.
        await federation.Simulation.Grains.GetGrain<IAggregatorGrain>(GrainKeys.Aggregator(run, 1, 1, 1)).DiscardAsync(default, federation.Token);
        await federation.UntilAsync(() => Task.FromResult(uploads.Any(upload => upload is { Hospital: TestFederation.Victim, Epoch: 2 })));
        released.SetResult();

        var version = Assert.Single(await federation.VersionsAsync(run));
        Assert.Equal(4, version.Manifest.Participants.Length);
        Assert.True(version.Manifest.Epoch > 1);
        Assert.Single(uploads.Where(upload => upload.Hospital == TestFederation.Victim).Select(upload => upload.Digest).Distinct());
        Assert.Equal(1, await federation.TrainingsAsync());
    }

    private static Task Hold(ref bool holding, TaskCompletionSource reached, CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref holding))
        {
            return Task.CompletedTask;
        }

        reached.TrySetResult();
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }
}

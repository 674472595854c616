using FederatedOrleans.Diagnostics;

namespace FederatedOrleans.Faults;

/// <summary>A hospital whose packets vanish in the kernel: nothing is refused, nothing is closed, and a connection seems open to both ends.</summary>
public sealed class NamespaceTests
{
    private const string Away = "va";

    // A transfer may stand still for 60 s, TCP gives a silent peer up after 60 s, HTTP/2 after 40 s; the plans' lease is 2 s.
    private static readonly TimeSpan BeyondEveryLimit = TimeSpan.FromSeconds(75);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hospital_that_is_needed_and_cut_off_in_the_middle_of_its_upload_is_waited_for_and_sends_the_rest()
    {
        SkipUnlessPossible();
        await using var wire = await HospitalNamespace.CreateAsync("4mbit");
        await using var federation = await StartAsync(wire);
        var plan = FaultPlan.Large();

        var run = await federation.SubmitAsync(plan);
        await federation.WaitAsync(
            "the upload of round 2", () => Task.FromResult(HasReached(federation, run, StepNames.Uploading, 2)), FaultFederation.Patience, run);
        await wire.PartitionAsync();
        Assert.True(await wire.OpenConnectionsAsync() > 0, "no connection was open");
        await WaitUntilMissedAsync(federation, run);
        Assert.False(HasReached(federation, run, StepNames.Receipt, 2), "the update had arrived before the line was cut");
        await Task.Delay(BeyondEveryLimit, Token);

        // Still the same attempt, that waits for this hospital and says so.
        await WaitUntilMissedAsync(federation, run);
        Assert.Single(await federation.VersionsAsync(run));
        var (to, from) = await wire.JoinAsync();
        Assert.True(to > 0 && from > 0, $"{to} packets to the hospital and {from} from it vanished");
        await federation.CompleteAsync(run);

        var undisturbed = await federation.SubmitAsync(plan);
        await federation.CompleteAsync(undisturbed);
        var expected = await federation.VersionsAsync(undisturbed);
        await Invariants.AssertAsync(federation, run, plan, [.. expected.Select(version => version.Manifest.ModelAfter)]);
        Assert.All(await federation.VersionsAsync(run), version => Assert.Equal(1, version.Manifest.Attempt));
    }

    [Fact]
    public async Task A_hospital_that_can_be_spared_is_left_out_while_it_is_cut_off_and_takes_part_again_afterwards()
    {
        SkipUnlessPossible();
        await using var wire = await HospitalNamespace.CreateAsync("4mbit");
        await using var federation = await StartAsync(wire);
        var plan = FaultPlan.ThreeSuffice();

        var run = await federation.SubmitAsync(plan);
        await federation.WaitAsync(
            "training in round 2", () => Task.FromResult(HasReached(federation, run, StepNames.Training, 2)), FaultFederation.Patience, run);
        await wire.PartitionAsync();
        await federation.WaitAsync("round 3", async () => (await federation.VersionsAsync(run)).Count >= 3, FaultFederation.Patience, run);
        await wire.JoinAsync();
        await federation.CompleteAsync(run);

        var manifests = (await federation.VersionsAsync(run)).Select(version => version.Manifest).ToArray();
        Assert.Contains(Away, manifests[0].Participants.Select(update => update.Hospital));
        foreach (var without in manifests[1..3])
        {
            Assert.Equal(FaultFederation.Hospitals.Except([Away]), without.Participants.Select(update => update.Hospital));
            Assert.Equal(Away, Assert.Single(without.LeftOut).Hospital);
        }

        Assert.Equal("was not heard of for longer than its lease", manifests[1].LeftOut[0].Reason);
        Assert.Contains(manifests[3..], later => later.Participants.Any(update => update.Hospital == Away));
        Assert.All(manifests, manifest => Assert.Equal(1, manifest.Attempt));
        await Invariants.AssertAsync(federation, run, plan, [.. manifests.Select(manifest => manifest.ModelAfter)]);
    }

    private static void SkipUnlessPossible()
    {
        Assert.SkipUnless(MatrixTests.IsWhole, "Takes minutes: set FEDERATED_FAULTS=all to run it.");
        var missing = HospitalNamespace.Missing();
        Assert.SkipUnless(missing is null, missing ?? "");
    }

    private static Task<FaultFederation> StartAsync(HospitalNamespace wire) => FaultFederation.StartAsync(usual => usual with
    {
        LinkAddress = "0.0.0.0",
        Called = (hospital, port) => hospital == Away ? new($"https://{wire.Address}:{port}") : usual.Called(hospital, port),
        Before = name => name == Away ? wire.Before : [],
    });

    private static bool HasReached(FaultFederation federation, string run, string step, int round) => federation.Journal(run).Any(reached =>
        reached.Process == Away && reached.Step == step && reached.Subject.StartsWith($"{run}/{round}/", StringComparison.Ordinal));

    private static async Task WaitUntilMissedAsync(FaultFederation federation, string run)
    {
        string[] missed =
        [
            "round 2 waits for updates: 3 are in, at least 4 must be",
            $"not heard of for longer than the lease: {Away}",
        ];
        await federation.WaitAsync(
            "the run to tell who is missing",
            async () => await federation.AskAsync(client => client.WhyAsync(run, Token)) is { } why
                && missed.All(part => why.Why.Contains(part, StringComparison.Ordinal)),
            FaultFederation.Patience,
            run);
    }
}

namespace FederatedOrleans.Faults;

/// <summary>A disk that is full, at a hospital and at the Silo: nothing half-written is used, and the run goes on once there is room.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData("va", "site/outbox", 500_000)]
    [InlineData("va", "site/cache", 500_000)]
    [InlineData("silo", "data/blobs", 1_200_000)]
    public async Task A_run_goes_on_once_there_is_room_again(string process, string folder, int room)
    {
        Assert.SkipUnless(MatrixTests.IsWhole, "Takes minutes: set FEDERATED_FAULTS=all to run it.");
        Assert.SkipUnless(Environment.UserName == "root", "Only root may mount a file system.");
        await using var federation = await FaultFederation.StartAsync();
        await using var disk = await FullDisk.MountAsync(federation.Federation.Local.In(process, folder), room);

        // The process goes on under the same name, with what it finds there.
        Assert.True(await federation.Supervisor.KillAsync(process));
        var plan = FaultPlan.Large();
        var run = await federation.SubmitAsync(plan);
        await federation.WaitAsync("the disk to be full", () => Task.FromResult(IsTold(federation, process)), FaultFederation.Patience, run);
        Assert.Empty(await federation.VersionsAsync(run));

        disk.Clear();
        await federation.CompleteAsync(run);

        var undisturbed = await federation.SubmitAsync(plan);
        await federation.CompleteAsync(undisturbed);
        var versions = await federation.VersionsAsync(undisturbed);
        await Invariants.AssertAsync(federation, run, plan, [.. versions.Select(version => version.Manifest.ModelAfter)]);
    }

    private static bool IsTold(FaultFederation federation, string process)
    {
        // No space left on device, or: ... because the disk was full.
        var told = federation.Federation.Log(process);
        return told.Contains("No space left", StringComparison.Ordinal) || told.Contains("disk was full", StringComparison.Ordinal);
    }
}

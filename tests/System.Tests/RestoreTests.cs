using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>The centre is put back to a backup that was made in mid-run, as docs/operations.md says.</summary>
public sealed class RestoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>They take minutes: by a flag.</summary>
    public RestoreTests() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("FEDERATED_FAULTS") == "all", "Takes minutes: set FEDERATED_FAULTS=all to run it.");

    [Fact]
    public async Task The_folder_of_a_single_silo_is_copied_back()
    {
        await using var federation = await TestFederation.StartAsync(TestPlan.Hospitals);
        var (data, backup) = (federation.Local.In("silo", "data"), federation.Local.In("backup"));
        await RestoredAsync(
            federation,
            async () =>
            {
                await StopAsync(federation);
                Copy(data, backup);
                await StartAsync(federation);
            },
            async () =>
            {
                await StopAsync(federation);
                Directory.Delete(data, recursive: true);
                Copy(backup, data);
                await StartAsync(federation);
            });
    }

    [Fact]
    public async Task A_dump_made_while_three_silos_work_is_restored()
    {
        await using var database = await SharedDatabase.StartAsync(Token);
        await using var federation = await TestFederation.StartAsync(3, database.Storage, TestPlan.Hospitals);
        var dump = federation.Local.In("fed.dump");
        await RestoredAsync(
            federation,
            () => database.Server.DumpAsync("fed", dump, Token),
            async () =>
            {
                await StopAsync(federation);
                await database.Server.RestoreAsync("fed", dump, Token);
                await StartAsync(federation);
            });
    }

    private static async Task RestoredAsync(TestFederation federation, Func<Task> backUpAsync, Func<Task> restoreAsync)
    {
        var plan = TestPlan.Long(plan =>
        {
            plan["rounds"] = 5;
            plan["training"]!["steps"] = 200_000;
            plan["round"]!["minimumReports"] = 4;
            plan["round"]!["attempts"] = 1;
            plan["round"]!["leaseTime"] = "00:00:30";
            plan["round"]!["selectionWindow"] = "00:02:00";

            // By one of these the restored round ends, where its hospitals had been at work in it.
            plan["round"]!["reportingDeadline"] = "00:00:20";
            plan["round"]!["closingDeadline"] = "00:00:20";
        });
        var earlier = await federation.SubmitAsync(plan);
        var expected = ModelsOf(await federation.CompleteAsync(earlier));
        var run = await federation.SubmitAsync(plan);
        await CommittedAsync(federation, run, 2);
        await backUpAsync();
        await CommittedAsync(federation, run, 4);
        await restoreAsync();

        // The hospitals have gone further than the run, and do not train again what they have settled.
        await federation.WaitThroughAsync("the run to pause", async () => (await federation.RunAsync(run)).Summary.Status == RunStatus.Paused);
        var kept = ModelsOf(await federation.Client.VersionsAsync(run, Token));
        Assert.InRange(kept.Length, 2, 4);
        Assert.Equal(expected[..kept.Length], kept);
        Assert.Equal(expected, ModelsOf(await federation.Client.VersionsAsync(earlier, Token)));
        var model = await federation.Client.DownloadModelAsync(earlier, cancellationToken: Token);
        Assert.Equal(expected[^1], ContentDigest.Of(model.Payload.Span));
        await federation.Client.StopAsync(run, "the centre was restored from a backup", Token);

        Assert.Equal(expected, ModelsOf(await federation.CompleteAsync(await federation.SubmitAsync(plan))));
    }

    private static Task CommittedAsync(TestFederation federation, string run, int round) => federation.WaitThroughAsync(
        $"round {round}", async () => (await federation.RunAsync(run)).Summary.CommittedRounds >= round);

    private static async Task StopAsync(TestFederation federation)
    {
        foreach (var silo in federation.Local.Silos)
        {
            await federation.StopSiloAsync(silo);
        }
    }

    private static async Task StartAsync(TestFederation federation)
    {
        foreach (var silo in federation.Local.Silos)
        {
            await federation.Local.StartSiloAsync(Token, silo);
        }
    }

    private static ContentDigest[] ModelsOf(IEnumerable<ModelVersionView> versions) => [.. versions.Select(version => version.Manifest.ModelAfter)];

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}

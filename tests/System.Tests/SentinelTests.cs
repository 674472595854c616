using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>Neither a record nor a single hospital's update is anywhere at the centre: not in its files, its log, its answers.</summary>
public sealed class SentinelTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int Window = 16;
    private static readonly string[] Hospitals = ["north", "south"];
    private static readonly string[] WatchedGrains = ["RunGrain", "RoundCoordinatorGrain", "AggregatorGrain", "HospitalGrain", "FederationGrain"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_centre_holds_no_record_and_no_update()
    {
        await using var federation = await TestFederation.StartCentreAsync();
        var cohorts = await EnrolAsync(federation);
        var run = await federation.SubmitAsync(Plan());
        using var session = await OperatorSession.LogInAsync(federation);
        await using var everything = await WatchedStream.OpenAsync(session, "/events");
        await using var watched = await WatchedStream.OpenAsync(session, $"/runs/{run}/events");
        var updates = new Dictionary<(int Round, string Hospital), byte[]>();
        var during = new List<(string Name, byte[] Bytes)>();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (hospital, bytes) in await CatchUpdatesAsync(federation, run, round, () => LookAsync(federation, session, run, round, during)))
            {
                updates[(round, hospital)] = bytes;
            }
        }

        var versions = await federation.CompleteAsync(run);
        AssertCaughtAll(versions, updates);
        Assert.All(versions, version => Assert.All(version.Evaluations, evaluation => Assert.Equal(30, evaluation.Metrics.Validation!.NumExamples)));
        var model = await federation.Client.DownloadModelAsync(run, cancellationToken: Token);
        Assert.NotEmpty(during);
        var answers = await AnswersAsync(session, run);
        answers.AddRange(during);
        answers.Add(await everything.CloseAsync());
        answers.Add(await watched.CloseAsync());
        await federation.Local.EndAsync("silo");
        var places = Files(federation).Concat(answers).ToArray();
        output.WriteLine($"{places.Length} places, {places.Sum(place => place.Bytes.Length):N0} bytes, {answers.Count} answers");

        // That the search finds what is there: the model, the run's id in an answer, a hospital's name in the log.
        Assert.Contains(places, place => place.Bytes.AsSpan().IndexOf(model.Payload.Span) >= 0);
        Assert.Contains(answers, answer => answer.Bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(run)) >= 0);
        Assert.All(
            answers.Where(answer => answer.Name.EndsWith("/events", StringComparison.Ordinal)),
            stream => Assert.True(stream.Bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(run)) >= 0, stream.Name));
        var found = cohorts.SelectMany(cohort => cohort.Traces()).Concat(Windows(updates))
            .SelectMany(trace => places
                .Where(place => place.Bytes.AsSpan().IndexOf(trace.Bytes) >= 0)
                .Select(place => $"{trace.What} in {place.Name}"));
        Assert.Empty(found);
    }

    private static async Task<IReadOnlyList<SentinelCohort>> EnrolAsync(TestFederation federation)
    {
        var records = Directory.CreateDirectory(Path.Combine(federation.Folder, "records")).FullName;
        var dataset = Path.Combine(records, "dataset.json");
        await File.WriteAllTextAsync(dataset, SentinelCohort.Describe().ToJsonString(), Token);
        var cohorts = new List<SentinelCohort>();
        foreach (var hospital in Hospitals)
        {
            var cohort = new SentinelCohort(cohorts.Count + 1);
            var file = Path.Combine(records, $"{hospital}.csv");
            cohort.Write(file);
            cohorts.Add(cohort);
            await federation.AddAsync(hospital, file, dataset, TestPlan.Name);
            federation.Local.StartHospital(hospital);
        }

        await federation.Local.WaitForHospitalsAsync(Token);
        return cohorts;
    }

    private static byte[] Plan() => TestPlan.Long(plan =>
    {
        plan["rounds"] = Rounds;
        plan["hospitals"] = new JsonArray([.. Hospitals.Select(hospital => (JsonNode)hospital)]);
        var description = SentinelCohort.Describe();
        plan["dataset"] = new JsonObject
        {
            ["name"] = "sentinel",
            ["schema"] = new JsonObject { ["features"] = description["features"]!.DeepClone(), ["label"] = "outcome" },
        };
        plan["training"]!["batchSize"] = 128;

        // The most that hospitals and centre keep and tell each other: control variates, moments, metrics on validation rows.
        plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
        plan["serverOptimizer"] = new JsonObject { ["name"] = "fedadam", ["learningRate"] = 0.01 };
        plan["evaluation"] = new JsonObject { ["stopEarly"] = new JsonObject { ["patience"] = 100 } };
        plan["round"]!["goalCount"] = 2;
        plan["round"]!["minimumReports"] = 2;
        plan["round"]!["leaseTime"] = "00:02:00";
    });

    /// <summary>
    /// Halts one hospital while both train, so that the other's update lies in the Silo's memory while somebody looks; then halts the Silo
    /// and lets that hospital go on, so that its update lies in its outbox; then lets the Silo go on too.
    /// </summary>
    private static async Task<Dictionary<string, byte[]>> CatchUpdatesAsync(TestFederation federation, string run, int round, Func<Task> look)
    {
        await federation.WaitAsync($"round {round} to train", async () =>
            (await federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training } view && view.Round == round
            && view.Hospitals.Any(hospital => hospital.StepsDone > 0 || hospital.Status == ParticipantStatus.Reported));
        var updates = new Dictionary<string, byte[]>();
        async Task TakeAsync(string hospital)
        {
            var path = federation.Local.In(hospital, "site", "outbox", $"{run}.{round}.1.update");
            await TestFederation.UntilAsync($"the update of {hospital}", () => File.Exists(path));
            updates.Add(hospital, await File.ReadAllBytesAsync(path, Token));
        }

        var silo = federation.Local.Processes["silo"];
        var late = federation.Local.Processes[Hospitals[1]];
        await HaltedAsync(late, async () =>
        {
            await federation.WaitAsync($"an update of round {round}", () => StagedAsync(federation, run, round));
            await TakeAsync(Hospitals[0]);
            await look();
            await silo.SignalAsync("STOP");
        });
        try
        {
            await TakeAsync(Hospitals[1]);
        }
        finally
        {
            await silo.SignalAsync("CONT");
        }

        return updates;
    }

    private static async Task HaltedAsync(DemoProcess process, Func<Task> act)
    {
        await process.SignalAsync("STOP");
        try
        {
            await act();
        }
        finally
        {
            await process.SignalAsync("CONT");
        }
    }

    /// <summary>Whether an update of the round lies in the Silo's memory now.</summary>
    private static async Task<bool> StagedAsync(TestFederation federation, string run, int round) =>
        (await federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training } view && view.Round == round
        && view.Hospitals.Any(hospital => hospital.Status == ParticipantStatus.Reported);

    /// <summary>Reads metrics and the dashboard's view of the round's grains, and keeps it where an update lay in memory all the while.</summary>
    private static async Task LookAsync(
        TestFederation federation, OperatorSession session, string run, int round, List<(string Name, byte[] Bytes)> during)
    {
        var seen = new List<(string Name, byte[] Bytes)>();
        var staged = await StagedAsync(federation, run, round);
        await session.GetAsync("/metrics", seen);
        using var types = JsonDocument.Parse(await session.GetAsync("/dashboard/GrainTypes", seen));
        var watched = types.RootElement.EnumerateArray().Select(type => type.GetString()!)
            .Where(type => WatchedGrains.Any(grain => type.EndsWith($".{grain}", StringComparison.Ordinal))).ToArray();
        Assert.Equal(WatchedGrains.Length, watched.Length);
        string[] keys =
        [
            GrainKeys.Federation, GrainKeys.Run(run), GrainKeys.Round(run, round), GrainKeys.Aggregator(run, round, 1, 1),
            .. Hospitals.Select(GrainKeys.Hospital),
        ];
        foreach (var (type, key) in watched.SelectMany(type => keys.Select(key => (type, key))))
        {
            await session.GetAsync(StateOf(type, key), seen);
        }

        if (staged && await StagedAsync(federation, run, round))
        {
            during.AddRange(seen.Select(answer => ($"{answer.Name} during round {round}", answer.Bytes)));
        }
    }

    private static string StateOf(string type, string key) =>
        $"/dashboard/GrainState?grainId={Uri.EscapeDataString(key)}&grainType={Uri.EscapeDataString(type)}";

    private static void AssertCaughtAll(IReadOnlyList<ModelVersionView> versions, Dictionary<(int Round, string Hospital), byte[]> updates)
    {
        Assert.Equal(Rounds, versions.Count);
        foreach (var manifest in versions.Select(version => version.Manifest))
        {
            Assert.Equal(Hospitals, manifest.Participants.Select(update => update.Hospital));
            Assert.All(manifest.Participants, update => Assert.Equal(update.Digest, ContentDigest.Of(updates[(manifest.Round, update.Hospital)])));
        }
    }

    private static IEnumerable<(string What, byte[] Bytes)> Windows(Dictionary<(int Round, string Hospital), byte[]> updates) =>
        updates.SelectMany(update => Enumerable.Range(0, update.Value.Length - Window + 1)
            .Select(from => ($"update of {update.Key.Hospital} in round {update.Key.Round} from byte {from}", update.Value[from..(from + Window)])));

    /// <summary>The Silo's folder with data, log and configuration, and what it printed.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Files(TestFederation federation) =>
        Directory.EnumerateFiles(federation.Local.In("silo"), "*", SearchOption.AllDirectories)
            .Append(federation.Local.LogOf("silo"))
            .Select(path => (path, File.ReadAllBytes(path)));

    private static async Task<List<(string Name, byte[] Bytes)>> AnswersAsync(OperatorSession session, string run)
    {
        var answers = new List<(string Name, byte[] Bytes)>();
        string[] paths =
        [
            "/", $"/runs/{run}", "/api/runs", "/api/hospitals", $"/api/runs/{run}", $"/api/runs/{run}/versions", "/metrics",
            "/dashboard/", "/dashboard/DashboardCounters", "/dashboard/ClusterStats", "/dashboard/TopGrainMethods", "/dashboard/Reminders",
        ];
        foreach (var path in paths)
        {
            await session.GetAsync(path, answers);
        }

        using var counters = JsonDocument.Parse(await session.GetAsync("/dashboard/DashboardCounters", answers));
        foreach (var silo in counters.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("siloAddress").GetString()))
        {
            await session.GetAsync($"/dashboard/HistoricalStats/{silo}", answers);
            await session.GetAsync($"/dashboard/SiloProperties/{silo}", answers);
            await session.GetAsync($"/dashboard/SiloStats/{silo}", answers);
        }

        using var types = JsonDocument.Parse(await session.GetAsync("/dashboard/GrainTypes", answers));
        string[] keys =
        [
            GrainKeys.Federation,
            GrainKeys.Run(run),
            .. Hospitals.Select(GrainKeys.Hospital),
            .. Enumerable.Range(1, Rounds).SelectMany(round =>
                new[] { GrainKeys.Round(run, round), GrainKeys.Evaluation(run, round), GrainKeys.Aggregator(run, round, 1, 1) }),
        ];
        foreach (var type in types.RootElement.EnumerateArray().Select(type => type.GetString()!))
        {
            await session.GetAsync($"/dashboard/GrainStats/{type}", answers);
            foreach (var key in keys)
            {
                await session.GetAsync(StateOf(type, key), answers);
            }
        }

        return answers;
    }
}

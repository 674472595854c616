using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>Neither a record nor a single hospital's update is anywhere at the centre: not in its files, its log, its answers.</summary>
public sealed partial class SentinelTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int Window = 16;
    private static readonly string[] Hospitals = ["north", "south"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_centre_holds_no_record_and_no_update()
    {
        await using var federation = await TestFederation.StartCentreAsync();
        var cohorts = await EnrolAsync(federation);
        var run = await federation.SubmitAsync(Plan());
        var updates = new Dictionary<(int Round, string Hospital), byte[]>();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (hospital, bytes) in await CatchUpdatesAsync(federation, run, round))
            {
                updates[(round, hospital)] = bytes;
            }
        }

        var versions = await federation.CompleteAsync(run);
        AssertCaughtAll(versions, updates);
        var model = await federation.Client.DownloadModelAsync(run, cancellationToken: Token);
        var answers = await AnswersAsync(federation, run);
        await federation.Local.EndAsync("silo");
        var places = Files(federation).Concat(answers).ToArray();
        output.WriteLine($"{places.Length} places, {places.Sum(place => place.Bytes.Length):N0} bytes, {answers.Count} answers");

        // That the search finds what is there: the model, the run's id in an answer, a hospital's name in the log.
        Assert.Contains(places, place => place.Bytes.AsSpan().IndexOf(model.Payload.Span) >= 0);
        Assert.Contains(answers, answer => answer.Bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(run)) >= 0);
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
        plan["evaluation"]!["everyRounds"] = 1;
        plan["round"]!["goalCount"] = 2;
        plan["round"]!["minimumReports"] = 2;
        plan["round"]!["leaseTime"] = "00:02:00";
    });

    /// <summary>Halts the Silo while both train, so that both updates lie in their hospitals' outboxes, and lets it go on.</summary>
    private static async Task<Dictionary<string, byte[]>> CatchUpdatesAsync(TestFederation federation, string run, int round)
    {
        await federation.WaitAsync($"round {round} to train", async () =>
            (await federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training } view && view.Round == round
            && view.Hospitals.Any(hospital => hospital.StepsDone > 0 || hospital.Status == ParticipantStatus.Reported));
        var silo = federation.Local.Processes["silo"];
        await silo.SignalAsync("STOP");
        try
        {
            string PathOf(string hospital) => federation.Local.In(hospital, "site", "outbox", $"{run}.{round}.1.update");
            await TestFederation.UntilAsync("both updates", () => Hospitals.All(hospital => File.Exists(PathOf(hospital))));
            return Hospitals.ToDictionary(hospital => hospital, hospital => File.ReadAllBytes(PathOf(hospital)));
        }
        finally
        {
            await silo.SignalAsync("CONT");
        }
    }

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

    private static async Task<List<(string Name, byte[] Bytes)>> AnswersAsync(TestFederation federation, string run)
    {
        var token = (await File.ReadAllTextAsync(federation.Local.In("operator", "operator.token"), Token)).Trim();
        using var http = new HttpClient { BaseAddress = federation.Local.Web };
        await LogInAsync(http, token);
        var answers = new List<(string, byte[])>();
        async Task<string> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (path == "/metrics")
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var answer = await http.SendAsync(request, Token);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode}");
            var body = await answer.Content.ReadAsByteArrayAsync(Token);
            answers.Add((path, body));
            return System.Text.Encoding.UTF8.GetString(body);
        }

        string[] paths =
        [
            "/", $"/runs/{run}", "/api/runs", "/api/hospitals", $"/api/runs/{run}", $"/api/runs/{run}/versions", "/metrics",
            "/dashboard/", "/dashboard/DashboardCounters", "/dashboard/ClusterStats", "/dashboard/TopGrainMethods", "/dashboard/Reminders",
        ];
        foreach (var path in paths)
        {
            await GetAsync(path);
        }

        using var counters = JsonDocument.Parse(await GetAsync("/dashboard/DashboardCounters"));
        foreach (var silo in counters.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("siloAddress").GetString()))
        {
            await GetAsync($"/dashboard/HistoricalStats/{silo}");
            await GetAsync($"/dashboard/SiloProperties/{silo}");
            await GetAsync($"/dashboard/SiloStats/{silo}");
        }

        using var types = JsonDocument.Parse(await GetAsync("/dashboard/GrainTypes"));
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
            await GetAsync($"/dashboard/GrainStats/{type}");
            foreach (var key in keys)
            {
                await GetAsync($"/dashboard/GrainState?grainId={Uri.EscapeDataString(key)}&grainType={Uri.EscapeDataString(type)}");
            }
        }

        return answers;
    }

    private static async Task LogInAsync(HttpClient http, string token)
    {
        var page = await http.GetStringAsync(new Uri("/login", UriKind.Relative), Token);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["__RequestVerificationToken"] = WebUtility.HtmlDecode(FormToken().Match(page).Groups["token"].Value), ["token"] = token,
        });
        using var answer = await http.PostAsync(new Uri("/login", UriKind.Relative), form, Token);
        Assert.True(answer.IsSuccessStatusCode, $"The login was answered with {(int)answer.StatusCode}.");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FormToken();
}

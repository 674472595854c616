using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Commands;

/// <summary><c>fed simulate</c> from its command line to its files.</summary>
public sealed class SimulateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-simulate-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_interrupt_while_models_are_compared_leaves_the_results_of_the_run()
    {
        var files = await WriteAsync();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var error = new StringWriter(CultureInfo.InvariantCulture);
        var exit = await SimulateCommand.RunAsync(
            [.. files, "--partition", "even", "--hospitals", "3", "--compare", "--out", In("out")],
            new CliOutput(new WatchedWriter("Training hospital-2 alone", interrupt.Cancel), error, interactive: false),
            interrupt.Token);
        Assert.Equal(ExitCodes.Interrupted, exit);
        using var results = await ResultsAsync("out");
        Assert.Equal("completed", results.RootElement.GetProperty("run").GetProperty("status").GetString());
        Assert.False(results.RootElement.TryGetProperty("crossSite", out _));
        Assert.True(File.Exists(In("out", "model.json")));
    }

    [Fact]
    public async Task Trees_are_grown_by_the_hospitals_that_the_plan_names()
    {
        var files = await WriteAsync(plan =>
        {
            plan["model"] = JsonNode.Parse("""{ "kind": "tree-ensemble", "trees": 3, "leaves": 4, "leafRows": 5 }""");
            plan["training"] = JsonNode.Parse("""{ "learningRate": 0.2 }""");
            plan["rounds"] = 1;
            plan["hospitals"] = new JsonArray("hospital-1", "hospital-3");
        });
        var (exit, output, error) = await RunAsync([.. files, "--partition", "even", "--hospitals", "3", "--compare", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("pooled\t", output, StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        Assert.Equal(5, results.RootElement.GetProperty("crossSite").GetArrayLength());
    }

    [Fact]
    public async Task A_model_that_is_held_back_is_in_no_file()
    {
        var files = await WriteAsync(plan =>
        {
            plan["training"]!["learningRate"] = 1e-9;
            plan["evaluation"] = JsonNode.Parse("""{ "noHarm": { "delta": 0, "metric": "accuracy", "baselines": ["majority"] } }""");
        });
        var (exit, _, error) = await RunAsync([.. files, "--partition", "dirichlet:0.3", "--hospitals", "3", "--out", In("out")]);
        Assert.Equal(ExitCodes.Held, exit);
        Assert.Contains("held back", error, StringComparison.Ordinal);
        Assert.True(File.Exists(In("out", "results.json")));
        Assert.False(File.Exists(In("out", "model.json")));
    }

    [Fact]
    public async Task The_best_model_of_a_run_that_ends_early_is_the_one_that_is_compared_and_exported()
    {
        var files = await WriteAsync(plan =>
        {
            plan["rounds"] = 60;
            plan["training"]!["learningRate"] = 3;
            plan["evaluation"] = JsonNode.Parse("""{ "stopEarly": { "metric": "logLoss", "patience": 2 } }""");
        });
        await File.WriteAllTextAsync(In("data.json"), Describe("\"ill\"").Replace("\"testFraction\": 0.3", "\"testFraction\": 0.3, \"validationFraction\": 0.2", StringComparison.Ordinal), Token);
        var (exit, _, error) = await RunAsync([.. files, "--partition", "dirichlet:0.5", "--hospitals", "3", "--compare", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        using var results = await ResultsAsync("out");
        var run = results.RootElement.GetProperty("run");
        Assert.InRange(run.GetProperty("modelVersion").GetInt32(), 1, run.GetProperty("committedRounds").GetInt32() - 1);
        using var model = JsonDocument.Parse(await File.ReadAllBytesAsync(In("out", "model.json"), Token));
        Assert.Equal(run.GetProperty("modelDigest").GetString(), model.RootElement.GetProperty("modelDigest").GetString());
        Assert.All(results.RootElement.GetProperty("hospitals").EnumerateArray(), hospital => Assert.True(hospital.GetProperty("validationRows").GetInt32() > 0));
    }

    [Fact]
    public async Task What_people_write_in_files_and_paths_is_taken_as_it_is_meant()
    {
        var files = await WriteAsync();

        // A byte order mark, a folder relative to where the command is given, and a value that no XML may hold.
        await File.WriteAllTextAsync(In("plan.json"), await File.ReadAllTextAsync(In("plan.json"), Token), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), Token);
        await File.WriteAllTextAsync(In("data.json"), Describe("\"ill\"").Replace("data.csv", "{data}/data.csv", StringComparison.Ordinal), Token);
        await File.WriteAllTextAsync(In("data.csv"), (await File.ReadAllTextAsync(In("data.csv"), Token)).Replace("north", "no\u0001rth", StringComparison.Ordinal), Token);
        var (exit, _, error) = await RunAsync(
            [.. files, "--partition", "column:ward", "--rounds", "2", "--data", Path.GetRelativePath(Directory.GetCurrentDirectory(), _folder.FullName), "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("hospital-1 (no rth)", TextsOf(In("out", "partition.svg")));
        using var results = await ResultsAsync("out");
        Assert.Equal(2, results.RootElement.GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Only_the_hospital_whose_rows_miss_values_is_held_up_by_them()
    {
        var files = await WriteAsync(plan => plan["round"] = JsonNode.Parse("""{ "minimumReports": 2 }"""));
        await File.WriteAllTextAsync(In("data.json"), Describe("\"ill\"").Replace("\"label\"", "\"rowsWithMissing\": \"keep\", \"label\"", StringComparison.Ordinal), Token);
        var lines = await File.ReadAllLinesAsync(In("data.csv"), Token);
        lines[2] = lines[2][lines[2].IndexOf(',', StringComparison.Ordinal)..];
        await File.WriteAllLinesAsync(In("data.csv"), lines, Token);
        var (exit, output, error) = await RunAsync([.. files, "--partition", "column:ward", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("south", output, StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        Assert.All(
            results.RootElement.GetProperty("versions").EnumerateArray(),
            version => Assert.Equal(["north", "west"], version.GetProperty("participants").EnumerateArray().Select(hospital => hospital.GetString())));
    }

    [Theory]
    [InlineData("p --dataset d --partition even --hospitals 2 --out |", "--out is empty")]
    [InlineData("p --dataset | --partition even --hospitals 2", "--dataset is empty")]
    [InlineData("p --dataset d --partition even --hospitals 2 --trainers |", "--trainers is empty")]
    [InlineData("", "Required argument missing")]
    [InlineData("p --dataset d", "'--partition' is required")]
    [InlineData("p --partition even --hospitals 2", "'--dataset' is required")]
    [InlineData("p --dataset d --partition odd --hospitals 2", "'odd' is no partition")]
    [InlineData("p --dataset d --partition even", "--hospitals is missing")]
    [InlineData("p --dataset d --partition sites", "--sites is missing")]
    [InlineData("p --dataset d --partition even --hospitals 10001", "--hospitals must be 1 to 10,000")]
    [InlineData("p --dataset d --partition even --hospitals 2 --minimum-rows 0", "--minimum-rows must be 1 or more")]
    [InlineData("p --dataset d --partition even --hospitals 2 --rounds 0", "--rounds must be 1 or more")]
    [InlineData("p --dataset d --partition sites --sites a1,A", "'A' is no id")]
    [InlineData("p --dataset d --partition sites --sites a1,a1", "names a1 more than once")]
    public async Task Wrong_usage_ends_with_2_and_says_so(string line, string reason)
    {
        var (exit, _, error) = await RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim('|'))]);
        Assert.Equal(ExitCodes.Usage, exit);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_the_command_line_are_told_all_at_once()
    {
        var (_, _, error) = await RunAsync("p", "--partition", "odd", "--hospitals", "0", "--sites", "A");
        Assert.All(["--dataset", "'odd'", "--hospitals", "'A'"], part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_real_hospitals_come_to_the_model_that_real_processes_come_to()
    {
        var records = TestFiles.HeartDisease();
        var (exit, output, error) = await RunAsync(
            [.. HeartDiseaseArguments("fed-heart-disease.json", records), "--partition", "sites", "--compare", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);

        // The digest that README shows for the demo.
        Assert.Contains("Model: version 15, 4c15bb344c81718c4c7699b8f1fa8d4cf38a3f3d343f4032381dea4d18af3dab", output, StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        var root = results.RootElement;
        Assert.Equal(["cleveland", "hungarian", "switzerland", "va"], root.GetProperty("hospitals").EnumerateArray().Select(hospital => hospital.GetProperty("hospital").GetString()));
        Assert.Equal([199, 172, 30, 85], root.GetProperty("hospitals").EnumerateArray().Select(hospital => hospital.GetProperty("trainRows").GetInt32()));
        Assert.Equal(15, root.GetProperty("versions").GetArrayLength());
        Assert.Equal(6, root.GetProperty("crossSite").GetArrayLength());
        using var model = JsonDocument.Parse(await File.ReadAllBytesAsync(In("out", "model.json"), Token));
        Assert.Equal("4c15bb344c81718c4c7699b8f1fa8d4cf38a3f3d343f4032381dea4d18af3dab", model.RootElement.GetProperty("modelDigest").GetString());
        Assert.Equal(15, model.RootElement.GetProperty("lineage").GetArrayLength());
        Assert.All(["rounds.svg", "partition.svg"], file => Assert.Contains("cleveland", TextsOf(In("out", file))));
    }

    [Fact]
    public async Task Common_statistics_work_as_they_do_with_real_hospitals_and_differences_are_told()
    {
        var records = TestFiles.HeartDisease();
        var (exit, output, error) = await RunAsync(
            [.. HeartDiseaseArguments("heart-disease-statistics.json", records), "--partition", "dirichlet:0.5", "--hospitals", "4", "--compare", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("statistics committed", output, StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        var differences = results.RootElement.GetProperty("differences").EnumerateArray().ToArray();
        Assert.Equal(4, differences.Length);
        var distances = results.RootElement.GetProperty("hospitals").EnumerateArray().Select(hospital => hospital.GetProperty("labelDistance").GetDouble());
        Assert.Equal(distances.Select(distance => Math.Round(distance, 12)), differences.Select(each => Math.Round(each.GetProperty("labelDistance").GetDouble(), 12)));
        using var model = JsonDocument.Parse(await File.ReadAllBytesAsync(In("out", "model.json"), Token));
        Assert.True(model.RootElement.TryGetProperty("preprocessing", out _));
    }

    [Fact]
    public async Task The_same_command_line_gives_the_same_bytes_and_another_seed_others()
    {
        var files = await WriteAsync();
        foreach (var (folder, seed) in new[] { ("one", "1"), ("two", "1"), ("other", "2") })
        {
            var (exit, _, error) = await RunAsync([.. files, "--partition", "quantity:1", "--hospitals", "5", "--seed", seed, "--out", In(folder)]);
            Assert.True(exit == ExitCodes.Ok, error);
        }

        foreach (var file in Directory.GetFiles(In("one")).Select(Path.GetFileName))
        {
            Assert.Equal(await File.ReadAllBytesAsync(In("one", file!), Token), await File.ReadAllBytesAsync(In("two", file!), Token));
        }

        Assert.NotEqual(await File.ReadAllTextAsync(In("one", "results.json"), Token), await File.ReadAllTextAsync(In("other", "results.json"), Token));
    }

    [Fact]
    public async Task A_column_that_is_no_feature_tells_hospitals_apart()
    {
        var files = await WriteAsync();
        var (exit, output, error) = await RunAsync([.. files, "--partition", "column:ward", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("3 rows have no value in the column", output, StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        Assert.Equal(["north", "south", "west"], results.RootElement.GetProperty("hospitals").EnumerateArray().Select(hospital => hospital.GetProperty("hospital").GetString()));
        Assert.Equal(3, results.RootElement.GetProperty("partition").GetProperty("rowsLeftOut").GetInt32());
    }

    [Fact]
    public async Task Many_hospitals_are_drawn_as_a_band_and_a_number_is_learnt()
    {
        var files = await WriteAsync(Number);
        await File.WriteAllTextAsync(In("data.json"), Describe(Score), Token);
        var (exit, output, error) = await RunAsync([.. files, "--partition", "even", "--hospitals", "14", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("rmse", output, StringComparison.Ordinal);
        Assert.Contains("worst to best", TextsOf(In("out", "rounds.svg")));
        Assert.Contains("root mean squared error", TextsOf(In("out", "rounds.svg")));
        Assert.Contains("hospital-14", TextsOf(In("out", "partition.svg")));

        (exit, _, error) = await RunAsync([.. files, "--partition", "dirichlet:1", "--hospitals", "3", "--out", In("other")]);
        Assert.Equal(ExitCodes.Failed, exit);
        Assert.Contains("this label is a number", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_together_is_said_before_anything_begins()
    {
        var files = await WriteAsync();
        async Task FailsAsync(string reason, string[] arguments)
        {
            var (exit, _, error) = await RunAsync([.. arguments, "--out", In("out")]);
            Assert.Equal(ExitCodes.Failed, exit);
            Assert.Contains(reason, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(In("out")));
        }

        string[] even = ["--partition", "even", "--hospitals", "3"];
        await FailsAsync("The plan is not for 1 hospitals: $.round.minimumReports", [.. files, "--partition", "even", "--hospitals", "1"]);
        await FailsAsync("a simulation has none", [.. await WriteAsync(plan => plan["model"] = JsonNode.Parse("""{ "kind": "logistic-regression", "initial": "committed", "from": { "run": "toy-12345678" } }""")), .. even]);
        files = await WriteAsync();
        await FailsAsync("There is no plan", [In("gone.json"), .. files[1..], .. even]);
        await FailsAsync("does not exist", [files[0], "--dataset", In("gone.json"), .. even]);
        await FailsAsync("column 'floor' is not there", [.. files, "--partition", "column:floor"]);
        await FailsAsync("4 groups of rows", [.. (await WriteAsync(wards: 4)), "--partition", "column:ward", "--hospitals", "5"]);
        await FailsAsync("does not hold {hospital}", [.. files, .. even, "--sites", "a1,b1"]);
        await FailsAsync("The plan is not for 3 hospitals: $.round.goalCount", [.. await WriteAsync(plan => plan["round"] = JsonNode.Parse("""{ "goalCount": 5, "minimumReports": 4 }""")), .. even]);
        await FailsAsync("hospitals name basel, and the simulated ones are hospital-1 to hospital-3", [.. await WriteAsync(plan => plan["hospitals"] = new JsonArray("basel", "bern")), .. even]);
        await FailsAsync("does not have the schema", [.. await WriteAsync(plan => plan["dataset"]!["schema"]!["label"] = "other"), .. even]);
        await FailsAsync("the description is of toy", [.. await WriteAsync(plan => plan["dataset"]!["name"] = "other"), .. even]);
        await FailsAsync("$.rounds", [.. await WriteAsync(plan => plan["rounds"] = 0), .. even]);
        await FailsAsync("The folder of trainers", [.. await WriteAsync(), .. even, "--trainers", In("gone")]);
        await File.WriteAllTextAsync(In("data.json"), Describe("\"ill\"").Replace("data.csv", "{hospital}.csv", StringComparison.Ordinal), Token);
        await FailsAsync("holds {hospital}", [.. files, .. even]);
    }

    [Fact]
    public async Task Results_never_overwrite_anything()
    {
        var files = await WriteAsync();
        Directory.CreateDirectory(In("out"));
        await File.WriteAllTextAsync(In("out", "results.json"), "mine", Token);
        var (exit, _, error) = await RunAsync([.. files, "--partition", "even", "--hospitals", "3", "--out", In("out")]);
        Assert.Equal(ExitCodes.Failed, exit);
        Assert.Contains("not an empty folder", error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(In("out", "results.json"), Token));
    }

    [Fact]
    public async Task A_run_whose_rounds_fail_gives_what_it_has_and_says_why()
    {
        // At this rate every hospital's training diverges.
        var files = await WriteAsync(plan =>
        {
            Number(plan);
            plan["training"]!["learningRate"] = 100;
            plan["training"]!["epochs"] = 50;
            plan["round"] = JsonNode.Parse("""{ "attempts": 1 }""");
        });
        await File.WriteAllTextAsync(In("data.json"), Describe(Score), Token);
        var (exit, output, error) = await RunAsync([.. files, "--partition", "even", "--hospitals", "3", "--out", In("out")]);
        Assert.True(exit == ExitCodes.Incomplete, error);
        Assert.Contains("diverged", output, StringComparison.Ordinal);
        Assert.Contains("The run ended before its last round", error, StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        Assert.Equal("paused", results.RootElement.GetProperty("run").GetProperty("status").GetString());
        Assert.False(File.Exists(In("out", "model.json")));
    }

    [Fact]
    public async Task What_is_committed_when_it_is_interrupted_is_kept()
    {
        var files = await WriteAsync();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var output = new WatchedWriter("round 3 of", interrupt.Cancel);
        var error = new StringWriter(CultureInfo.InvariantCulture);
        var exit = await SimulateCommand.RunAsync(
            [.. files, "--partition", "even", "--hospitals", "3", "--rounds", "100000", "--out", In("out")], new CliOutput(output, error, interactive: false), interrupt.Token);
        Assert.Equal(ExitCodes.Interrupted, exit);
        Assert.Contains("rounds that were committed", error.ToString(), StringComparison.Ordinal);
        using var results = await ResultsAsync("out");
        var run = results.RootElement.GetProperty("run");
        Assert.Equal("stopped", run.GetProperty("status").GetString());
        Assert.InRange(run.GetProperty("committedRounds").GetInt32(), 3, 99_999);
        Assert.Equal(run.GetProperty("committedRounds").GetInt32(), results.RootElement.GetProperty("versions").GetArrayLength());
        Assert.True(File.Exists(In("out", "model.json")));
    }

    private static string[] HeartDiseaseArguments(string plan, string records) =>
    [
        TestFiles.At("samples", "plans", plan), "--dataset", HeartDisease.Description, "--data", records, "--sites", string.Join(',', HeartDisease.Hospitals),
    ];

    private static async Task<(int Exit, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exit = await SimulateCommand.RunAsync(arguments, new CliOutput(output, error, interactive: false), Token);
        return (exit, output.ToString(), error.ToString());
    }

    private const string Score = """{ "name": "score", "kind": "numeric" }""";

    private static void Number(JsonObject plan)
    {
        plan["dataset"]!["schema"]!["label"] = JsonNode.Parse(Score);
        plan["model"]!["kind"] = "linear-regression";
    }

    private static string Describe(string label) => $$"""
        {
          "name": "toy", "files": ["data.csv"], "features": [{ "name": "a" }, { "name": "b" }],
          "label": {{(label.StartsWith('{') ? label : $$"""{ "name": {{label}} }""")}}, "split": { "testFraction": 0.3, "seed": 1 }
        }
        """;

    private static List<string> TextsOf(string svg) => [.. XDocument.Load(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    /// <summary>Writes a plan, a description and rows, and gives the command line's first arguments.</summary>
    private async Task<string[]> WriteAsync(Action<JsonObject>? change = null, int wards = 3)
    {
        string[] names = ["north", "south", "west", "east"];
        var random = SeededRandom.For("wards", 1);
        var rows = new StringBuilder("a,b,ill,score,ward\n");
        for (var row = 0; row < 300; row++)
        {
            var (a, b) = (random.NextDouble(), random.NextDouble());
            rows.Append(CultureInfo.InvariantCulture, $"{a},{b},{(a > b ? 1 : 0)},{a + b},{(row % 100 == 0 ? "" : names[row % wards])}\n");
        }

        await File.WriteAllTextAsync(In("data.csv"), rows.ToString(), Token);
        await File.WriteAllTextAsync(In("data.json"), Describe("\"ill\""), Token);
        var plan = JsonNode.Parse("""
            {
              "version": 1, "name": "toy-study", "dataset": { "name": "toy", "schema": { "features": [{ "name": "a" }, { "name": "b" }], "label": "ill" } },
              "model": { "kind": "logistic-regression" }, "training": { "learningRate": 0.1, "batchSize": 10, "epochs": 1 }, "rounds": 3, "seed": 1
            }
            """)!.AsObject();
        change?.Invoke(plan);
        await File.WriteAllTextAsync(In("plan.json"), plan.ToJsonString(), Token);
        return [In("plan.json"), "--dataset", In("data.json")];
    }

    private string In(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    private async Task<JsonDocument> ResultsAsync(string folder) => JsonDocument.Parse(await File.ReadAllBytesAsync(In(folder, "results.json"), Token));

    /// <summary>Does something once a text is written.</summary>
    private sealed class WatchedWriter(string awaited, Action then) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(awaited, StringComparison.Ordinal) == true)
            {
                then();
            }
        }
    }
}

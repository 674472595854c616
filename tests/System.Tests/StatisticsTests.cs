using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>Federated statistics and preprocessing with real nodes on the real data.</summary>
public sealed class StatisticsTests
{
    private static readonly (string Name, int Column)[] Numbers =
        [("age", 0), ("sex", 1), ("trestbps", 3), ("chol", 4), ("fbs", 5), ("thalach", 7), ("exang", 8), ("oldpeak", 9)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_nodes_give_the_pooled_figures_and_no_count_that_their_owners_hold_back()
    {
        Assert.SkipWhen(TestFiles.HeartDisease is null, HeartDiseaseFiles.Missing);
        var folder = TestFiles.HeartDisease;
        await using var federation = await TestFederation.StartCentreAsync(1, null, options => options with
        {
            NodeSettings = _ => new JsonObject { ["datasets"] = new JsonArray(Path.Combine(options.Root, "open.json"), Path.Combine(options.Root, "careful.json")) },
        });
        var open = await DescribeAsync(federation, "open", minimumCell: 1);
        await DescribeAsync(federation, "careful", minimumCell: null);
        foreach (var hospital in TestPlan.Hospitals)
        {
            await federation.AddAsync(hospital, Path.Combine(folder, $"processed.{hospital}.data"), open, TestPlan.Name);
            if (hospital != "va")
            {
                await federation.Local.ApproveAsync(hospital, Token, "--name", TestPlan.Name, "--statistics", "--dataset", "open");
            }

            await federation.Local.ApproveAsync(hospital, Token, "--name", TestPlan.Name, "--statistics", "--dataset", "careful");
            federation.Local.StartHospital(hospital);
        }

        await federation.Local.WaitForHospitalsAsync(Token);

        // The owner of VA's data has approved plans of that name, but not that statistics leave.
        var refused = await federation.SubmitAsync(Plan("open", minimumReports: 3));
        await federation.CompleteAsync(refused);
        Assert.Equal(486 - 85, (await StatisticsAsync(federation, refused)).GetProperty("rows").GetInt64());

        await federation.Local.ApproveAsync("va", Token, "--name", TestPlan.Name, "--statistics", "--dataset", "open");
        var run = await federation.SubmitAsync(Plan("open", minimumReports: 4));
        var versions = await federation.CompleteAsync(run);
        Assert.Equal(4, versions[^1].Evaluations.Length);
        var statistics = await StatisticsAsync(federation, run);
        var rows = await TrainingRowsAsync(folder);
        Assert.Equal((486L, 486), (statistics.GetProperty("rows").GetInt64(), rows.Count));
        foreach (var (name, column) in Numbers)
        {
            var feature = Feature(statistics, name);
            double[] all = [.. rows.Select(row => double.Parse(row[column]))];
            var mean = all.Average();
            Assert.Equal(mean, feature.GetProperty("mean").GetDouble(), 1e-9);
            Assert.Equal(Math.Sqrt(all.Sum(number => (number - mean) * (number - mean)) / 485), feature.GetProperty("deviation").GetDouble(), 1e-9);
            Assert.Equal(486, feature.GetProperty("bins").EnumerateArray().Sum(bin => bin.GetInt64()));
            var width = (feature.GetProperty("range").GetProperty("to").GetDouble() - feature.GetProperty("range").GetProperty("from").GetDouble())
                / feature.GetProperty("bins").GetArrayLength();
            Assert.Equal(all.Order().Skip(242).Take(2).Average(), feature.GetProperty("quartiles")[1].GetDouble(), width);
        }

        Assert.Equal(LevelsOf(rows, 2, "1", "2", "3", "4"), Told(Feature(statistics, "cp")));
        Assert.Equal(LevelsOf(rows, 6, "0", "1", "2"), Told(Feature(statistics, "restecg")));
        await AssertExportedAsync(federation, run, statistics);

        // With the least count that holds unless the owner says otherwise.
        var careful = await federation.SubmitAsync(Plan("careful", minimumReports: 4));
        await federation.CompleteAsync(careful);
        var held = await StatisticsAsync(federation, careful);
        var pain = Feature(held, "cp");
        Assert.Equal(486, held.GetProperty("rows").GetInt64());
        Assert.InRange(pain.GetProperty("withheld").GetInt64(), 1, 4);
        Assert.All(Told(pain).Zip(LevelsOf(rows, 2, "1", "2", "3", "4")), pair => Assert.InRange(pair.First, 0, pair.Second));
        Assert.InRange(Told(pain).Sum(), 1, 485);

        // Few women are among the patients of some: nobody learns how many.
        var told = TestPlan.Hospitals.Select(hospital => rows.Where(row => row[^1] == hospital).ToArray()).Where(those => those.Count(row => double.Parse(row[1]) == 0) >= 10).ToArray();
        Assert.InRange(told.Length, 1, 3);
        var sex = Feature(held, "sex");
        Assert.Equal((told.Sum(those => (long)those.Length), 4L - told.Length), (sex.GetProperty("present").GetInt64(), sex.GetProperty("withheld").GetInt64()));
    }

    private static async Task AssertExportedAsync(TestFederation federation, string run, JsonElement statistics)
    {
        var file = Path.Combine(federation.Folder, "model.json");
        var exported = await TestProgram.RunAsync(TestFiles.Fed, "model", "export", run, "--out", file, "--connection", federation.Local.Connection);
        Assert.Equal((0, ""), (exported.ExitCode, exported.Error));
        using var model = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Token));
        var inputs = model.RootElement.GetProperty("preprocessing").GetProperty("features").EnumerateArray()
            .SelectMany(feature => feature.GetProperty("inputs").EnumerateArray()).ToDictionary(input => input.GetProperty("name").GetString()!);
        Assert.Equal(model.RootElement.GetProperty("inputs").EnumerateArray().Select(name => name.GetString()), inputs.Keys);
        foreach (var (name, _) in Numbers)
        {
            Assert.Equal(Feature(statistics, name).GetProperty("mean").GetDouble(), inputs[name].GetProperty("mean").GetDouble());
            Assert.Equal(Feature(statistics, name).GetProperty("deviation").GetDouble(), inputs[name].GetProperty("scale").GetDouble());
        }
    }

    private static async Task<JsonElement> StatisticsAsync(TestFederation federation, string run)
    {
        var result = await TestProgram.RunAsync(TestFiles.Fed, "run", "statistics", run, "--json", "--connection", federation.Local.Connection);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private static JsonElement Feature(JsonElement statistics, string name) =>
        statistics.GetProperty("features").EnumerateArray().Single(feature => feature.GetProperty("name").GetString() == name);

    private static long[] Told(JsonElement feature) => [.. feature.GetProperty("levels").EnumerateArray().Select(level => level.GetProperty("rows").GetInt64())];

    private static long[] LevelsOf(IReadOnlyList<string[]> rows, int column, params string[] levels) =>
        [.. levels.Select(level => (long)rows.Count(row => double.Parse(row[column]) == double.Parse(level)))];

    /// <summary>The training rows of all four, as their files and the published lists have them, with their hospital last.</summary>
    private static async Task<IReadOnlyList<string[]>> TrainingRowsAsync(string folder)
    {
        using var split = JsonDocument.Parse(await File.ReadAllBytesAsync(TestFiles.At("samples", "datasets", "heart-disease-split.json"), Token));
        var rows = new List<string[]>();
        foreach (var hospital in TestPlan.Hospitals)
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(folder, $"processed.{hospital}.data"), Token);
            rows.AddRange(split.RootElement.GetProperty("centres").GetProperty(hospital).GetProperty("train").EnumerateArray().Select(row => (string[])[.. lines[row.GetInt32()].Split(','), hospital]));
        }

        return rows;
    }

    private static async Task<string> DescribeAsync(TestFederation federation, string name, int? minimumCell)
    {
        var description = JsonNode.Parse(await File.ReadAllBytesAsync(TestFiles.At("samples", "datasets", "heart-disease.json"), Token))!.AsObject();
        description["name"] = name;
        description["split"]!["file"] = TestFiles.At("samples", "datasets", "heart-disease-split.json");
        if (minimumCell is { } least)
        {
            description["minimumCell"] = least;
        }

        var path = Path.Combine(federation.Local.In(), $"{name}.json");
        await File.WriteAllTextAsync(path, description.ToJsonString(), Token);
        return path;
    }

    private static byte[] Plan(string dataset, int minimumReports)
    {
        var plan = JsonNode.Parse(File.ReadAllBytes(TestFiles.At("samples", "plans", "heart-disease-statistics.json")))!.AsObject();
        plan["name"] = TestPlan.Name;
        plan["dataset"]!["name"] = dataset;
        plan["rounds"] = 1;
        plan["round"]!["minimumReports"] = minimumReports;
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}

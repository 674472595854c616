using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Federations;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>Real nodes learn a number, compare the model with baselines, and the run is held and let go by the commands that people use.</summary>
public sealed class NumericLabelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_largest_heart_rate_is_predicted_in_its_own_unit_and_a_model_that_does_harm_is_held()
    {
        Assert.SkipWhen(TestFiles.HeartDisease is null, HeartDiseaseFiles.Missing);
        await using var federation = await TestFederation.StartCentreAsync();
        var description = Path.Combine(federation.Folder, "heart-rate.json");
        await File.WriteAllTextAsync(description, Describe(), Token);
        foreach (var hospital in TestPlan.Hospitals)
        {
            await federation.AddAsync(hospital, Path.Combine(TestFiles.HeartDisease, $"processed.{hospital}.data"), description, TestPlan.Name, "linear-regression");
            await federation.Local.ApproveAsync(hospital, Token, "--name", TestPlan.Name, "--statistics", "--dataset", "heart-rate", "--trainer", "linear-regression");
            federation.Local.StartHospital(hospital);
        }

        await federation.Local.WaitForHospitalsAsync(Token);
        var run = await federation.SubmitAsync(Plan(delta: 20));
        var metrics = (await federation.CompleteAsync(run))[^1].Evaluations.Select(evaluation => evaluation.Metrics).ToArray();

        // Beats a minute: from all patients' age, sex and symptoms it is known better than by the mean.
        Assert.Equal(4, metrics.Length);
        Assert.All(metrics, each => Assert.InRange(each.Regression!.RootMeanSquaredError, 10, 40));
        Assert.All(metrics, each => Assert.InRange(each.Local!.Regression!.RootMeanSquaredError, 10, 60));
        Assert.True(metrics[0].Regression!.RootMeanSquaredError < metrics[0].Regression!.LabelDeviation);
        var shown = await FedAsync(federation, "run", "show", run);
        Assert.Contains("rmse\tmae\tlabel deviation\town model\talone\tincumbent", shown.Output, StringComparison.Ordinal);

        var file = Path.Combine(federation.Folder, "model.json");
        Assert.Equal(0, (await FedAsync(federation, "model", "export", run, "--out", file)).ExitCode);
        using var model = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Token));
        Assert.InRange(model.RootElement.GetProperty("preprocessing").GetProperty("label").GetProperty("mean").GetDouble(), 139, 140);

        // Nobody may be worse off by a hair.
        var harmful = await federation.SubmitAsync(Plan(delta: 0));
        var watched = await FedAsync(federation, "run", "watch", harmful);
        Assert.Equal(5, watched.ExitCode);
        Assert.Contains("held back", watched.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await FedAsync(federation, "model", "export", harmful, "--out", file)).ExitCode);
        Assert.Equal(0, (await FedAsync(federation, "run", "release", harmful, "--reason", "the study board agreed")).ExitCode);
        Assert.Equal(RunStatus.Completed, (await federation.RunAsync(harmful)).Summary.Status);
        Assert.Equal(0, (await FedAsync(federation, "model", "export", harmful, "--out", Path.Combine(federation.Folder, "released.json"))).ExitCode);
    }

    private static Task<ProgramResult> FedAsync(TestFederation federation, params string[] arguments) =>
        TestProgram.RunAsync(TestFiles.Fed, [.. arguments, "--connection", federation.Local.Connection]);

    private static string Describe()
    {
        var description = JsonNode.Parse(File.ReadAllBytes(TestFiles.At("samples", "datasets", "heart-disease.json")))!.AsObject();
        description["name"] = "heart-rate";
        description["split"]!["file"] = TestFiles.At("samples", "datasets", "heart-disease-split.json");
        description["minimumCell"] = 1;
        description["label"] = new JsonObject { ["name"] = "thalach", ["kind"] = "numeric" };
        description["features"] = Without(description["features"]!);
        return description.ToJsonString();
    }

    private static byte[] Plan(double delta)
    {
        var plan = JsonNode.Parse(File.ReadAllBytes(TestFiles.At("samples", "plans", "heart-disease-statistics.json")))!.AsObject();
        plan["name"] = TestPlan.Name;
        plan["dataset"]!["name"] = "heart-rate";
        var schema = plan["dataset"]!["schema"]!;
        schema["label"] = new JsonObject { ["name"] = "thalach", ["kind"] = "numeric" };
        schema["features"] = Without(schema["features"]!);
        plan["preprocessing"]!["features"] = Without(plan["preprocessing"]!["features"]!);
        plan["preprocessing"]!["label"] = new JsonObject { ["from"] = 0, ["to"] = 300 };
        plan["model"] = new JsonObject { ["kind"] = "linear-regression" };
        plan["rounds"] = 5;
        plan["round"]!["minimumReports"] = 4;
        plan["evaluation"] = new JsonObject
        {
            ["everyRounds"] = 5, ["noHarm"] = new JsonObject { ["delta"] = delta, ["baselines"] = new JsonArray("local", "majority") },
        };
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    private static JsonArray Without(JsonNode features) =>
        new([.. features.AsArray().Where(feature => feature!["name"]!.GetValue<string>() != "thalach").Select(feature => feature!.DeepClone())]);
}

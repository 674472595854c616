using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation;

/// <summary>An ensemble of trees through the grains.</summary>
public sealed class TreesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_hospitals_trees_are_in_the_model_to_the_bit_and_later_rounds_add_nothing()
    {
        string[] ids = ["beta", "alpha"];
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions { Hospitals = [.. ids.Select(id => SimulatedHospital.Of(id, Toy.Dataset(id, trainRows: 200)))] }, Token);
        var bytes = Plan(ids);
        var run = await simulation.SubmitAsync(bytes, Token);
        await simulation.CompletionAsync(run, Token);
        var versions = await simulation.VersionsAsync(run, Token);
        var model = await simulation.ReadModelAsync(run, cancellationToken: Token);

        var (plan, _) = TrainingPlanReader.Read(bytes);
        foreach (var id in ids)
        {
            var own = Trainers.BuiltIn.For(plan!).Train(
                new()
                {
                    Plan = plan!,
                    Hospital = id,
                    Round = 1,
                    Data = PreparedDataset.For(plan!, Toy.Dataset(id, trainRows: 200)),
                    Model = InitialParameters.For(plan!),
                    Iterator = DataIteratorState.Start,
                },
                cancellationToken: Token).Update;
            var part = HospitalParts.Of(plan!, id)!.Value;
            Assert.Equal(200, model.Span[part.Start]);
            Assert.Equal(own.Span.Slice(part.Start, part.Length), model.Span.Slice(part.Start, part.Length));
        }

        Assert.Equal(2, versions.Length);
        Assert.Equal(versions[0].Manifest.ModelAfter, versions[1].Manifest.ModelAfter);
        Assert.All(versions[^1].Evaluations, evaluation => Assert.InRange(evaluation.Metrics.LogLoss, 0.01, 2));
        Assert.Equal(2, versions[^1].Evaluations.Length);
    }

    private static byte[] Plan(string[] hospitals)
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds: 2, minimumReports: 2))!;
        plan["model"] = new JsonObject { ["kind"] = "tree-ensemble", ["trees"] = 10, ["leaves"] = 4 };
        plan["training"] = new JsonObject { ["learningRate"] = 0.2, ["standardization"] = "none" };
        plan["aggregator"] = null;
        plan["hospitals"] = new JsonArray([.. hospitals.Select(id => (JsonNode)id)]);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}

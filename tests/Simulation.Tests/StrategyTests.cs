using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation;

/// <summary>Strategies through whole federations whose hospitals are of very different sizes.</summary>
public sealed class StrategyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FedNova_is_FedAvg_where_all_make_as_many_steps_and_another_where_they_do_not()
    {
        await using var simulation = await StartAsync();
        Assert.NotEqual(await FinalAsync(simulation, "epochs", "weighted-mean"), await FinalAsync(simulation, "epochs", "fednova"));
        var (mean, nova) = (await ModelAsync(simulation, "steps", "weighted-mean"), await ModelAsync(simulation, "steps", "fednova"));
        Assert.All(mean.Zip(nova), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public async Task Without_a_pull_FedProx_gives_the_bits_of_FedAvg_and_a_strong_one_holds_the_model_back()
    {
        await using var simulation = await StartAsync();
        static Action<JsonNode> Prox(double mu) => plan => plan["training"]!["objective"] = new JsonObject { ["name"] = "fedprox", ["mu"] = mu };
        var plain = await ModelAsync(simulation, "epochs", "weighted-mean");
        Assert.Equal(plain, await ModelAsync(simulation, "epochs", "weighted-mean", Prox(0)));
        var held = await ModelAsync(simulation, "epochs", "weighted-mean", Prox(5));
        Assert.True(Norm(held) < 0.9 * Norm(plain), $"{Norm(held)} against {Norm(plain)}");
    }

    [Fact]
    public async Task A_schedule_gives_later_rounds_a_smaller_part()
    {
        await using var simulation = await StartAsync();
        var plain = await RunAsync(simulation, "epochs", "weighted-mean", null);
        var slower = await RunAsync(
            simulation, "epochs", "weighted-mean", plan => plan["training"]!["schedule"] = JsonNode.Parse("""{"name": "step", "everyRounds": 1, "factor": 0.1}"""));
        async Task<(ContentDigest First, double Later)> MovesAsync(string run)
        {
            var (first, last) = (await simulation.ReadModelAsync(run, 1, Token), await simulation.ReadModelAsync(run, 3, Token));
            return (first.Digest, Norm([.. last.Span.ToArray().Zip(first.Span.ToArray(), (after, before) => after - before)]));
        }

        var (one, other) = (await MovesAsync(plain), await MovesAsync(slower));
        Assert.Equal(one.First, other.First);
        Assert.True(other.Later < 0.2 * one.Later, $"{other.Later} against {one.Later}");
    }

    private static double Norm(ImmutableArray<float> model) => Math.Sqrt(model.Sum(value => (double)value * value));

    private static async Task<FederationSimulation> StartAsync() => await FederationSimulation.StartAsync(
        new SimulationOptions
        {
            Hospitals = [.. Toy.Hospitals.Select((id, index) => SimulatedHospital.Of(id, Toy.Dataset(id, trainRows: 8 << (2 * index))))],
            Tick = TimeSpan.FromMilliseconds(50),
            PollInterval = TimeSpan.FromMilliseconds(200),
        },
        Token);

    private static async Task<ContentDigest> FinalAsync(FederationSimulation simulation, string work, string aggregator)
    {
        var run = await RunAsync(simulation, work, aggregator, null);
        return (await simulation.ReadModelAsync(run, cancellationToken: Token)).Digest;
    }

    private static async Task<ImmutableArray<float>> ModelAsync(
        FederationSimulation simulation, string work, string aggregator, Action<JsonNode>? change = null)
    {
        var run = await RunAsync(simulation, work, aggregator, change);
        return [.. (await simulation.ReadModelAsync(run, cancellationToken: Token)).Span];
    }

    private static async Task<string> RunAsync(FederationSimulation simulation, string work, string aggregator, Action<JsonNode>? change)
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds: 3, minimumReports: 4))!;
        plan["aggregator"]!["name"] = aggregator;
        var training = plan["training"]!.AsObject();
        training.Remove("steps");
        training[work] = work == "epochs" ? 4 : 40;
        change?.Invoke(plan);
        var run = await simulation.SubmitAsync(Encoding.UTF8.GetBytes(plan.ToJsonString()), Token);
        var summary = await simulation.CompletionAsync(run, Token);
        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
        return run;
    }
}

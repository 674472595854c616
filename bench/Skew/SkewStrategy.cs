using System.Text.Json.Nodes;

namespace FederatedOrleans.Bench.Skew;

/// <summary>A strategy of the comparison. Whatever is not its own is the same for all.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Change">Makes the common plan the strategy's.</param>
internal sealed record SkewStrategy(string Name, Action<JsonObject> Change)
{
    /// <summary>The strategies; the first is what the others are compared with.</summary>
    public static IReadOnlyList<SkewStrategy> All { get; } =
    [
        new("FedAvg", _ => { }),
        new("FedProx, mu .1", plan => plan["training"]!["objective"] = new JsonObject { ["name"] = "fedprox", ["mu"] = 0.1 }),
        new("SCAFFOLD", plan => plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" }),
        new("FedNova", plan => plan["aggregator"] = new JsonObject { ["name"] = "fednova" }),
        new("FedAvgM, server rate .5, momentum .5", plan => Server(plan, "fedavgm", 0.5, ("momentum", 0.5))),
        new("FedAdam, server rate .01", plan => Server(plan, "fedadam", 0.01)),
        new("FedYogi, server rate .01", plan => Server(plan, "fedyogi", 0.01)),
        new("FedAvg, fine-tuned for 1 epoch", plan => plan["personalization"] = new JsonObject { ["name"] = "fine-tune", ["epochs"] = 1 }),
        new("Ditto, lambda .1", plan => plan["personalization"] = new JsonObject { ["name"] = "ditto", ["lambda"] = 0.1 }),
    ];

    private static void Server(JsonObject plan, string name, double rate, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var optimizer = new JsonObject { ["name"] = name, ["learningRate"] = rate };
        foreach (var (member, value) in members)
        {
            optimizer[member] = value;
        }

        plan["serverOptimizer"] = optimizer;
    }
}

using System.Text.Json.Nodes;

namespace FederatedOrleans.Bench.Learning;

/// <summary>One row of the results: how the sample plan is changed, and what FLamby published.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Setting">The figures that are its own.</param>
/// <param name="Change">Makes the sample plan the strategy's.</param>
/// <param name="Published">FLamby's mean of the four centres, mean of its five seeds; null where there is none.</param>
internal sealed record Strategy(string Name, string Setting, Action<JsonObject> Change, double? Published = null)
{
    /// <summary>Every strategy of the results on Fed-Heart-Disease.</summary>
    public static IReadOnlyList<Strategy> All { get; } =
    [
        new("FedAvg", "lr .001", _ => { }, .6850),
        new("FedProx", "lr .001, mu .01", plan => Objective(plan, ("name", "fedprox"), ("mu", 0.01)), .6850),
        new("SCAFFOLD", "lr .001", plan => Objective(plan, ("name", "scaffold")), .6840),
        new("FedAdam", "lr .01, server lr .01", plan => Server(plan, 0.01, "fedadam", 0.01, ("beta2", 0.999), ("tau", 1e-8)), .7255),
        new("FedYogi", "lr .003162, server lr .01", plan => Server(plan, 0.003162, "fedyogi", 0.01, ("beta2", 0.999), ("tau", 1e-8)), .7314),
        new("FedAdagrad", "lr .003162, server lr .316228", plan => Server(plan, 0.003162, "fedadagrad", 0.316228, ("tau", 1e-8)), .7314),
        new("FedAvg", "lr .01", plan => plan["training"]!["learningRate"] = 0.01),
        new("FedAvg, common statistics", "lr .01, a statistics round before the first", plan =>
        {
            plan["training"]!.AsObject().Remove("standardization");
            plan["training"]!["learningRate"] = 0.01;
            plan["preprocessing"] = JsonNode.Parse(File.ReadAllBytes(
                Path.Combine(BenchFolders.Repository(), "samples", "plans", "heart-disease-statistics.json")))!["preprocessing"]!.DeepClone();
        }),
        new("FedAvgM", "lr .01, server lr .3, momentum .9", plan => Server(plan, 0.01, "fedavgm", 0.3, ("momentum", 0.9))),
        new("SCAFFOLD", "lr .01", plan =>
        {
            Objective(plan, ("name", "scaffold"));
            plan["training"]!["learningRate"] = 0.01;
        }),
        new("FedProx", "lr .01, mu 1", plan =>
        {
            Objective(plan, ("name", "fedprox"), ("mu", 1));
            plan["training"]!["learningRate"] = 0.01;
        }),
        new("FedNova", "lr .01, 3 epochs", plan =>
        {
            Epochs(plan);
            plan["aggregator"] = new JsonObject { ["name"] = "fednova" };
        }),
        new("FedAvg", "lr .01, 3 epochs", Epochs),
        new("FedAvg, fine-tuned", "lr .01, then 1 epoch at each hospital", plan =>
        {
            plan["training"]!["learningRate"] = 0.01;
            plan["personalization"] = new JsonObject { ["name"] = "fine-tune", ["epochs"] = 1 };
        }),
        new("Ditto", "lr .01, lambda 1", plan =>
        {
            plan["training"]!["learningRate"] = 0.01;
            plan["personalization"] = new JsonObject { ["name"] = "ditto", ["lambda"] = 1 };
        }),
        new("trees, bagged", "20 of 8 leaves, rate .2, inputs as they are", plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = "tree-ensemble", ["trees"] = 20, ["leaves"] = 8, ["leafRows"] = 5 };
            plan["training"] = new JsonObject { ["learningRate"] = 0.2, ["standardization"] = "none" };
            plan["hospitals"] = new JsonArray("cleveland", "hungarian", "switzerland", "va");
            plan["aggregator"] = new JsonObject { ["name"] = "union" };
            plan["rounds"] = 1;
        }),
        new("FedAvg, perceptron", "16 hidden units, lr .05", plan =>
        {
            plan["model"] = new JsonObject { ["kind"] = "mlp", ["hidden"] = new JsonArray(16) };
            plan["training"]!["learningRate"] = 0.05;
        }),
    ];

    private static void Epochs(JsonObject plan)
    {
        var training = plan["training"]!.AsObject();
        training.Remove("steps");
        training["epochs"] = 3;
        training["learningRate"] = 0.01;
    }

    private static void Objective(JsonObject plan, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var objective = new JsonObject();
        foreach (var (name, value) in members)
        {
            objective[name] = value;
        }

        plan["training"]!["objective"] = objective;
    }

    private static void Server(JsonObject plan, double rate, string name, double serverRate, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        plan["training"]!["learningRate"] = rate;
        var optimizer = new JsonObject { ["name"] = name, ["learningRate"] = serverRate };
        foreach (var (member, value) in members)
        {
            optimizer[member] = value;
        }

        plan["serverOptimizer"] = optimizer;
    }
}

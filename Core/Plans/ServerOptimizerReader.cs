using FederatedOrleans.Json;
using FederatedOrleans.Optimizers;

namespace FederatedOrleans.Plans;

/// <summary>Reads a plan's server optimizer. A figure that the named one has no use for is a fault: it would be thought to act.</summary>
internal static class ServerOptimizerReader
{
    private const double MostBeta1 = 0.9999;
    private const double MostBeta2 = 0.999999;

    public static ServerOptimizerPlan Read(JsonObjectReader root)
    {
        var defaults = new ServerOptimizerPlan();
        if (root.Object("serverOptimizer") is not { } reader)
        {
            return defaults;
        }

        var named = reader.Choice("name", ServerOptimizers.Names);
        var name = named ?? defaults.Name;
        var plan = new ServerOptimizerPlan
        {
            Name = name,
            LearningRate = reader.NumberAbove("learningRate", 0, 100) ?? defaults.LearningRate,
            Momentum = reader.NumberFrom("momentum", 0, MostBeta1) ?? defaults.Momentum,
            Beta1 = reader.NumberFrom("beta1", 0, MostBeta1) ?? defaults.Beta1,
            Beta2 = reader.NumberFrom("beta2", 0, MostBeta2) ?? defaults.Beta2,
            Tau = reader.NumberFrom("tau", 1e-12, 1) ?? defaults.Tau,
        };
        if (ServerOptimizers.Adaptive.Contains(name) && !reader.Has("learningRate"))
        {
            reader.Fault("learningRate", $"is missing: {name} has no default for it; 0.01 is a place to begin");
        }

        var chosen = reader.Has("name") ? named : name;
        reader.OnlyFor(chosen, "momentum", FedAvgM.PolicyName);
        reader.OnlyFor(chosen, "beta1", [.. ServerOptimizers.Adaptive]);
        reader.OnlyFor(chosen, "beta2", AdamMoment.PolicyName, YogiMoment.PolicyName);
        reader.OnlyFor(chosen, "tau", [.. ServerOptimizers.Adaptive]);
        reader.Finish();
        return plan;
    }
}

using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Optimizers;

/// <summary>The server optimizers by name. The plan's validator asks here, so a misspelt name cannot pass.</summary>
public static class ServerOptimizers
{
    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> Names { get; } = [FedAvg.PolicyName];

    /// <summary>The optimizer that <paramref name="plan"/> names.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IServerOptimizer For(ServerOptimizerPlan plan) => plan.Name switch
    {
        FedAvg.PolicyName => new FedAvg(plan.LearningRate),
        _ => throw new ArgumentException($"Unknown server optimizer '{plan.Name}'.", nameof(plan)),
    };
}

using System.Collections.Immutable;
using FederatedOrleans.Models;
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

    /// <summary>The next model, in an array of its own.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="model">The model that the round started from.</param>
    /// <param name="aggregate">The aggregate of the updates, of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static ParameterVector Step(this IServerOptimizer optimizer, ParameterVector model, ParameterVector aggregate)
    {
        var next = aggregate.Span.ToArray();
        optimizer.StepPart(model.Span, next);
        return new(next);
    }
}

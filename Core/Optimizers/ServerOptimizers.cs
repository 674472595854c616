using System.Collections.Immutable;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Optimizers;

/// <summary>The server optimizers by name. The plan's validator asks here, so a misspelt name cannot pass.</summary>
public static class ServerOptimizers
{
    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> Names { get; } =
        [FedAvg.PolicyName, FedAvgM.PolicyName, AdagradMoment.PolicyName, AdamMoment.PolicyName, YogiMoment.PolicyName];

    /// <summary>Those that divide by how large the aggregates have been.</summary>
    public static ImmutableArray<string> Adaptive { get; } = [AdagradMoment.PolicyName, AdamMoment.PolicyName, YogiMoment.PolicyName];

    /// <summary>The optimizer that <paramref name="plan"/> names.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IServerOptimizer For(ServerOptimizerPlan plan) => plan.Name switch
    {
        FedAvg.PolicyName => new FedAvg(plan.LearningRate),
        FedAvgM.PolicyName => new FedAvgM(plan.LearningRate, plan.Momentum),
        AdagradMoment.PolicyName => new FedOpt(new AdagradMoment(), plan.LearningRate, plan.Beta1, plan.Tau),
        AdamMoment.PolicyName => new FedOpt(new AdamMoment(plan.Beta2), plan.LearningRate, plan.Beta1, plan.Tau),
        YogiMoment.PolicyName => new FedOpt(new YogiMoment(plan.Beta2), plan.LearningRate, plan.Beta1, plan.Tau),
        _ => throw new ArgumentException($"Unknown server optimizer '{plan.Name}'.", nameof(plan)),
    };

    /// <summary>The next model, and the moments after it, in arrays of their own.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="model">The model that the round started from.</param>
    /// <param name="aggregate">The aggregate of the updates, of the same length.</param>
    /// <param name="moments">What the round before left, one moment after the other; nothing before the first round.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static (ParameterVector Model, ParameterVector Moments) Step(
        this IServerOptimizer optimizer, ParameterVector model, ParameterVector aggregate, ParameterVector? moments = null)
    {
        var next = aggregate.Span.ToArray();
        var moved = moments?.Span.ToArray() ?? new float[checked(optimizer.Moments * model.Length)];
        PartLengths.Require(optimizer, model.Span, next, moved);
        for (var moment = 0; moment < optimizer.Moments; moment++)
        {
            optimizer.MovePart(moment, aggregate.Span, moved.AsSpan(moment * model.Length, model.Length));
        }

        optimizer.StepPart(model.Span, next, moved);
        return (new(next), new(moved));
    }
}

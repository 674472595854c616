using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>The learning-rate schedules by name. The plan's validator asks here, so a misspelt name cannot pass.</summary>
public static class LearningRateSchedules
{
    /// <summary>No schedule goes lower: a step size of 0 would train nothing, and could not be divided by.</summary>
    public const double SmallestFactor = 1e-6;

    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> Names { get; } = [ConstantRate.PolicyName, StepDecay.PolicyName, CosineDecay.PolicyName];

    /// <summary>The step size of local training in a round.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="round">From 1.</param>
    /// <exception cref="ArgumentException">The plan names an unknown schedule.</exception>
    public static double RateAt(TrainingPlan plan, int round)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Training.LearningRate * For(plan).FactorAt(round);
    }

    private static ILearningRateSchedule For(TrainingPlan plan) => plan.Training.Schedule switch
    {
        { Name: ConstantRate.PolicyName } => new ConstantRate(),
        { Name: StepDecay.PolicyName } step => new StepDecay(step.EveryRounds, step.Factor),
        { Name: CosineDecay.PolicyName } cosine => new CosineDecay(plan.Rounds, cosine.LastFactor),
        var other => throw new ArgumentException($"Unknown schedule '{other.Name}'.", nameof(plan)),
    };
}

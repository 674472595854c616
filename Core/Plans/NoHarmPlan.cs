using System.Collections.Immutable;

namespace FederatedOrleans.Plans;

/// <summary>A run's model is held back where it would do worse at some hospital than what that hospital could have instead.</summary>
public sealed record NoHarmPlan
{
    /// <summary>What is compared, on a hospital's validation rows or, where it has none, on its test rows: see <see cref="Evaluation.MetricValues"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>By how much worse the model may be, in the metric's unit: from 0.</summary>
    public required double Delta { get; init; }

    /// <summary>What it is compared with, at least one: see <see cref="Evaluation.NoHarm"/>.</summary>
    public required ImmutableArray<string> Baselines { get; init; }

    /// <summary>The model that is in use; present where it is one of the baselines.</summary>
    public ModelSource? Incumbent { get; init; }
}

namespace FederatedOrleans.Plans;

/// <summary>How updates become one.</summary>
public sealed record AggregatorPlan
{
    /// <summary>Hospitals of a group where a plan does not say: 64.</summary>
    public const int DefaultGroupSize = 64;

    /// <summary><c>weighted-mean</c>: by training examples; <c>fednova</c>: by them, and by local steps.</summary>
    public string Name { get; init; } = "weighted-mean";

    /// <summary>
    /// Hospitals of a group: 64 by default, 1 to 100,000. Each group of the cohort has an aggregator of its own, so that a large cohort's
    /// updates lie on several Silos; groups are combined in their order, which makes it part of the model's last bits.
    /// </summary>
    public int GroupSize { get; init; } = DefaultGroupSize;
}

namespace FederatedOrleans.Plans;

/// <summary>The model and its start.</summary>
public sealed record ModelPlan
{
    /// <summary>The model's kind; <c>logistic-regression</c> is the one there is.</summary>
    public required string Kind { get; init; }

    /// <summary><c>zeros</c>, or <c>uniform</c>: seeded by the plan's seed, in +-1/sqrt(inputs).</summary>
    public string Initial { get; init; } = "zeros";
}

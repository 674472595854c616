namespace FederatedOrleans.Plans;

/// <summary>How updates become one.</summary>
public sealed record AggregatorPlan
{
    /// <summary><c>weighted-mean</c>: by training examples.</summary>
    public string Name { get; init; } = "weighted-mean";
}

namespace FederatedOrleans.Plans;

/// <summary>Which dataset of each hospital a plan trains on.</summary>
public sealed record DatasetPlan
{
    /// <summary>The dataset's id, as each hospital's node names it.</summary>
    public required string Name { get; init; }

    /// <summary>What the dataset must look like; a hospital whose schema digest differs declines.</summary>
    public required DatasetSchema Schema { get; init; }
}

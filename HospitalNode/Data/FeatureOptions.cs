using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>One feature and where this hospital's files hold it.</summary>
internal sealed record FeatureOptions
{
    /// <summary>The feature as the plan's schema states it.</summary>
    public required FeatureSpec Spec { get; init; }

    /// <summary>The column; the one of the feature's name by default.</summary>
    public required ColumnReference Column { get; init; }
}

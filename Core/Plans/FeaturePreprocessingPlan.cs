using System.Collections.Immutable;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Plans;

/// <summary>What becomes of one feature.</summary>
public sealed record FeaturePreprocessingPlan
{
    /// <summary>The feature's name in the schema.</summary>
    public required string Name { get; init; }

    /// <summary>Bounds of a numeric feature, to which values beyond are moved; absent of a categorical one.</summary>
    public NumericRange? Range { get; init; }

    /// <summary>Bins of equal width within the range, 2 to 1,000.</summary>
    public int Bins { get; init; } = 20;

    /// <summary>Numbers that stand for a missing value, at most 10.</summary>
    public ImmutableArray<double> Missing { get; init; } = [];

    /// <summary>What is put in for a missing value: see <see cref="Imputations"/>.</summary>
    public required string Impute { get; init; }

    /// <summary>Whether another input tells which values were missing.</summary>
    public bool FlagMissing { get; init; }

    /// <summary>Whether a declared level that no hospital has in as many rows as the least cell counts as missing; of a categorical feature.</summary>
    public bool AgreedLevelsOnly { get; init; }
}

using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>What becomes of one feature, with every figure in place.</summary>
public sealed record FittedFeature
{
    /// <summary>The feature.</summary>
    public required FeatureSpec Spec { get; init; }

    /// <summary>Bounds of a number, to which values beyond are moved; absent of levels.</summary>
    public NumericRange? Range { get; init; }

    /// <summary>Numbers that stand for a missing value.</summary>
    public ImmutableArray<double> Missing { get; init; } = [];

    /// <summary>What is put in for a missing number.</summary>
    public double ImputedNumber { get; init; }

    /// <summary>Index of the level that is put in for a missing one, and for one that is not agreed.</summary>
    public int ImputedLevel { get; init; }

    /// <summary>Whether each level is agreed; all are unless the plan says otherwise.</summary>
    public ImmutableArray<bool> AgreedLevels { get; init; } = [];

    /// <summary>Its inputs: one of a number, one of each level but the first, and last a 0/1 input for missing values where the plan has one.</summary>
    public required ImmutableArray<ScaledInput> Inputs { get; init; }

    /// <summary>Whether the last input is for missing values.</summary>
    public bool FlagsMissing { get; init; }

    /// <summary>Columns of a row that it takes.</summary>
    public int Width => Spec.InputCount;
}

using System.Collections.Immutable;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Plans;

/// <summary>What becomes of features before a model sees them, by statistics of all hospitals together, which a round of their own brings.</summary>
public sealed record PreprocessingPlan
{
    /// <summary>How inputs are scaled: see <see cref="Scalings"/>.</summary>
    public string Scaling { get; init; } = Scalings.ZScore;

    /// <summary>Most that a scaled input may be away from 0: 1 to 1,000.</summary>
    public double Clip { get; init; } = 10;

    /// <summary>Counts below this leave no hospital, 1 to 1,000,000. That of the data's owner holds where it is greater.</summary>
    public int MinimumCell { get; init; } = 1;

    /// <summary>Each feature in the order of the schema.</summary>
    public required ImmutableArray<FeaturePreprocessingPlan> Features { get; init; }

    /// <summary>The range of a numeric label, which is scaled like an input; absent where it is left as it is.</summary>
    public NumericRange? Label { get; init; }
}

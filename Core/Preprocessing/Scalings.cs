using System.Collections.Immutable;

namespace FederatedOrleans.Preprocessing;

/// <summary>The ways a plan may have preprocessed inputs scaled.</summary>
public static class Scalings
{
    /// <summary>x' = (x - mean) / sd by the statistics of all hospitals together, of 0/1 inputs too.</summary>
    public const string ZScore = "z-score";

    /// <summary>Inputs as they are.</summary>
    public const string None = "none";

    /// <summary>Every way there is.</summary>
    public static ImmutableArray<string> Names { get; } = [ZScore, None];
}

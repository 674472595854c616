using System.Collections.Immutable;

namespace FederatedOrleans.Plans;

/// <summary>The ways a plan may have inputs standardised.</summary>
public static class Standardizations
{
    /// <summary>Inputs as they are.</summary>
    public const string None = "none";

    /// <summary>z-scores by the hospital's own training rows.</summary>
    public const string Local = "local";

    /// <summary>Every way there is.</summary>
    public static ImmutableArray<string> Names { get; } = [None, Local];
}

using System.Collections.Immutable;

namespace FederatedOrleans.Plans;

/// <summary>One feature of the data a plan trains on, the same at every hospital.</summary>
public sealed record FeatureSpec
{
    /// <summary>The feature's name, unique within the schema.</summary>
    public required string Name { get; init; }

    /// <summary>Numeric by default.</summary>
    public FeatureKind Kind { get; init; } = FeatureKind.Numeric;

    /// <summary>Levels of a categorical feature over all hospitals, the reference level first; empty for a numeric one.</summary>
    /// <remarks>Each level but the first becomes a 0/1 input named <c>name=level</c>, in this order.</remarks>
    public ImmutableArray<string> Levels { get; init; } = [];

    /// <summary>Number of its inputs.</summary>
    public int InputCount => Kind == FeatureKind.Numeric ? 1 : Levels.Length - 1;

    /// <summary>Names of its inputs: its own of a number, else <c>name=level</c> for each level but the first.</summary>
    public ImmutableArray<string> InputNames => Kind == FeatureKind.Numeric ? [Name] : [.. Levels.Skip(1).Select(level => $"{Name}={level}")];
}

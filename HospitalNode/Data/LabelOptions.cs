using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>The label and how it is read.</summary>
internal sealed record LabelOptions
{
    /// <summary>The label's name in the schema.</summary>
    public required string Name { get; init; }

    /// <summary>Binary by default.</summary>
    public LabelKind Kind { get; init; }

    /// <summary>Where the files hold it.</summary>
    public required ColumnReference Column { get; init; }

    /// <summary>When a row is positive; for a binary label only.</summary>
    public TargetExpression? Target { get; init; }

    /// <summary>Classes of a categorical label, as the schema has them.</summary>
    public ImmutableArray<string> Levels { get; init; } = [];
}

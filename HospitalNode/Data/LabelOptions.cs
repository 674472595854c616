namespace FederatedOrleans.Data;

/// <summary>The binary label and how it is read.</summary>
internal sealed record LabelOptions
{
    /// <summary>The label's name in the schema.</summary>
    public required string Name { get; init; }

    /// <summary>When a row is positive.</summary>
    public required TargetExpression Target { get; init; }
}

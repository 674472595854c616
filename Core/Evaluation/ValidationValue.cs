namespace FederatedOrleans.Evaluation;

/// <summary>What one hospital measured of a version on its validation rows.</summary>
/// <param name="Hospital">Hospital id.</param>
/// <param name="Value">The metric.</param>
/// <param name="Rows">Its validation rows.</param>
[GenerateSerializer, Immutable, Alias("fo.ValidationValue")]
public sealed record ValidationValue([property: Id(0)] string Hospital, [property: Id(1)] double Value, [property: Id(2)] long Rows);

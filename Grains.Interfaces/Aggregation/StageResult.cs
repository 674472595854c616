namespace FederatedOrleans.Aggregation;

/// <summary>What became of a chunk.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Held">Bytes held of that update.</param>
[GenerateSerializer, Immutable, Alias("fo.StageResult")]
public sealed record StageResult([property: Id(0)] StagingVerdict Verdict, [property: Id(1)] long Held);

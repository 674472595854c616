namespace FederatedOrleans.Aggregation;

/// <summary>A place whose values are a term of a shard's sum.</summary>
/// <param name="Place">The place.</param>
/// <param name="NumExamples">Training rows behind the update.</param>
[GenerateSerializer, Immutable, Alias("fo.ShardTerm")]
public sealed record ShardTerm([property: Id(0)] Guid Place, [property: Id(1)] long NumExamples);

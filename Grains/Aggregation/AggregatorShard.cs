namespace FederatedOrleans.Aggregation;

/// <summary>A shard as its aggregator knows it.</summary>
/// <param name="Grain">The shard.</param>
/// <param name="Incarnation">The activation that was opened; empty before.</param>
/// <param name="Start">Index of its first parameter.</param>
/// <param name="Length">Its parameters, at least 1.</param>
internal sealed record AggregatorShard(IAggregatorShardGrain Grain, Guid Incarnation, int Start, int Length);

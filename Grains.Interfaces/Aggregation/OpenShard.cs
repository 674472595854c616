using FederatedOrleans.Identity;

namespace FederatedOrleans.Aggregation;

/// <summary>What a shard of an aggregator is opened with.</summary>
[GenerateSerializer, Immutable, Alias("fo.OpenShard")]
public sealed record OpenShard
{
    /// <summary>Digest of the plan, which names how updates are added up.</summary>
    [Id(0)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>Parameters of the range, at least 1.</summary>
    [Id(1)] public required int Length { get; init; }

    /// <summary>The activation that was opened before, where there was one: another has lost what that one kept, and is not opened.</summary>
    [Id(2)] public Guid Known { get; init; }
}

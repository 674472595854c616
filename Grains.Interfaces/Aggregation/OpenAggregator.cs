using FederatedOrleans.Identity;

namespace FederatedOrleans.Aggregation;

/// <summary>What an aggregator is opened with.</summary>
[GenerateSerializer, Immutable, Alias("fo.OpenAggregator")]
public sealed record OpenAggregator
{
    /// <summary>The epoch's nonce.</summary>
    [Id(0)] public required Guid Nonce { get; init; }

    /// <summary>Digest of the plan.</summary>
    [Id(1)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>Model before the round.</summary>
    [Id(2)] public required ContentDigest BaseModel { get; init; }
}

using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;

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

    /// <summary>Groups of the cohort; the aggregator of group 0 opens the others. 1 where there is one group, and for the others.</summary>
    [Id(3)] public int Groups { get; init; } = 1;

    /// <summary>For the aggregator of another group than 0: the activation that leads the epoch, by which the epoch goes everywhere.</summary>
    [Id(4)] public Guid Lead { get; init; }

    /// <summary>The activation that was opened before, where there was one: another has lost what that one staged, and is not opened.</summary>
    [Id(5)] public Guid Known { get; init; }

    /// <summary>What the centre keeps beside the model before the round; absent where it keeps nothing.</summary>
    [Id(6)] public ServerState? BaseState { get; init; }
}

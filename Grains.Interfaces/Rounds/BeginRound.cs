using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;

namespace FederatedOrleans.Rounds;

/// <summary>An attempt at a round, as the run orders it.</summary>
[GenerateSerializer, Immutable, Alias("fo.BeginRound")]
public sealed record BeginRound
{
    /// <summary>Attempt number from 1.</summary>
    [Id(0)] public required int Attempt { get; init; }

    /// <summary>The rules.</summary>
    [Id(1)] public required ResolvedRoundOptions Options { get; init; }

    /// <summary>Digest of the plan.</summary>
    [Id(2)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>Model that hospitals start from.</summary>
    [Id(3)] public required ContentDigest BaseModel { get; init; }

    /// <summary>The cohort.</summary>
    [Id(4)] public required ImmutableArray<string> Hospitals { get; init; }

    /// <summary>What the centre keeps beside the model; absent where it keeps nothing.</summary>
    [Id(5)] public ServerState? BaseState { get; init; }
}

using System.Collections.Immutable;
using FederatedOrleans.Hospitals;

namespace FederatedOrleans.Federation;

/// <summary>The index that the federation stores.</summary>
[GenerateSerializer, Immutable, Alias("fo.FederationState")]
public sealed record FederationState
{
    /// <summary>Standing of every hospital.</summary>
    [Id(0)] public ImmutableSortedDictionary<string, HospitalStanding> Hospitals { get; init; } =
        ImmutableSortedDictionary.Create<string, HospitalStanding>(StringComparer.Ordinal);

    /// <summary>Runs, the oldest first.</summary>
    [Id(1)] public ImmutableArray<FederationRun> Runs { get; init; } = [];

    /// <summary>Revoked tokens and used login links, until they would have expired.</summary>
    [Id(2)] public ImmutableArray<RevokedToken> RevokedTokens { get; init; } = [];
}

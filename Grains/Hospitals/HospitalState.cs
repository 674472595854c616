using System.Collections.Immutable;

namespace FederatedOrleans.Hospitals;

/// <summary>What the centre stores of a hospital.</summary>
[GenerateSerializer, Immutable, Alias("fo.HospitalState")]
public sealed record HospitalState
{
    /// <summary>Its standing.</summary>
    [Id(0)] public HospitalStanding Standing { get; init; }

    /// <summary>Its keys, at most two: they overlap while one is rotated.</summary>
    [Id(1)] public ImmutableArray<HospitalKey> Keys { get; init; } = [];
}

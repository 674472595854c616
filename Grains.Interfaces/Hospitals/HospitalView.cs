using System.Collections.Immutable;

namespace FederatedOrleans.Hospitals;

/// <summary>A hospital as the operator sees it.</summary>
[GenerateSerializer, Immutable, Alias("fo.HospitalView")]
public sealed record HospitalView
{
    /// <summary>Hospital id.</summary>
    [Id(0)] public required string Hospital { get; init; }

    /// <summary>Its standing.</summary>
    [Id(1)] public required HospitalStanding Standing { get; init; }

    /// <summary>When it was last heard of, since this centre started.</summary>
    [Id(2)] public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Whether it holds a stream open now.</summary>
    [Id(3)] public bool Attending { get; init; }

    /// <summary>Version of its node.</summary>
    [Id(4)] public string? NodeVersion { get; init; }

    /// <summary>Datasets it offers.</summary>
    [Id(5)] public ImmutableArray<OfferedDataset> Datasets { get; init; } = [];

    /// <summary>Fingerprints of its public keys: SHA-256 of the SubjectPublicKeyInfo, 64 hexadecimal digits.</summary>
    [Id(6)] public ImmutableArray<string> KeyFingerprints { get; init; } = [];
}

using System.Collections.Immutable;
using FederatedOrleans.Availability;

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

    /// <summary>When it can work, as it has published since this centre started; null where it has not, or is always open.</summary>
    [Id(7)] public WeeklyAvailability? Availability { get; init; }

    /// <summary>When its calendar opens; null where it is open now, or does not open within a year.</summary>
    [Id(8)] public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Whether its calendar is open now; true where it has published none.</summary>
    [Id(9)] public bool IsOpen { get; init; } = true;
}

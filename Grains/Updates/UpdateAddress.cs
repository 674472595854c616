using FederatedOrleans.Identity;

namespace FederatedOrleans.Updates;

/// <summary>Which update an upload is. The hospital comes from the certificate.</summary>
public sealed record UpdateAddress
{
    /// <summary>Hospital id.</summary>
    public required string Hospital { get; init; }

    /// <summary>Run id.</summary>
    public required string Run { get; init; }

    /// <summary>Round.</summary>
    public required int Round { get; init; }

    /// <summary>Attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Digest of the whole update.</summary>
    public required ContentDigest Digest { get; init; }

    /// <summary>Bytes of the whole update, where the hospital tells.</summary>
    public long? Length { get; init; }

    /// <summary>Tag of what the update's bytes are; raw float32 where absent.</summary>
    public string? Encoding { get; init; }
}

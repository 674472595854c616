using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Which file holds what the encoding of this participant's updates has lost so far.</summary>
[GenerateSerializer, Immutable, Alias("fo.site.ResidualEntry")]
internal sealed record ResidualEntry
{
    /// <summary>The attempt whose update left it.</summary>
    [Id(0)] public required AttemptId Id { get; init; }

    /// <summary>Digest of its values as raw float32.</summary>
    [Id(1)] public required ContentDigest Digest { get; init; }
}

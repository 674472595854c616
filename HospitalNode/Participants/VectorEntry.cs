using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Which of the <see cref="SiteVectors"/> is the participant's.</summary>
[GenerateSerializer, Immutable, Alias("fo.site.ResidualEntry")]
internal sealed record VectorEntry
{
    /// <summary>The attempt that left it.</summary>
    [Id(0)] public required AttemptId Id { get; init; }

    /// <summary>Digest of its values as raw float32.</summary>
    [Id(1)] public required ContentDigest Digest { get; init; }
}

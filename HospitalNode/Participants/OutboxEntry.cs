using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>An update that awaits its outcome, with the participant's state that becomes current only if it was included.</summary>
[GenerateSerializer, Immutable, Alias("fo.site.OutboxEntry")]
internal sealed record OutboxEntry
{
    /// <summary>Which attempt.</summary>
    [Id(0)] public required AttemptId Id { get; init; }

    /// <summary>Digest of the update as it travels.</summary>
    [Id(1)] public required ContentDigest Digest { get; init; }

    /// <summary>Training rows behind it.</summary>
    [Id(2)] public required long NumExamples { get; init; }

    /// <summary>What the participant keeps if the update was included.</summary>
    [Id(3)] public required ParticipantMemory Staged { get; init; }

    /// <summary>Tag of what the update's bytes are; raw float32 where absent.</summary>
    [Id(4)] public string? Encoding { get; init; }
}

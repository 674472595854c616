using FederatedOrleans.Identity;

namespace FederatedOrleans.Rounds;

/// <summary>Where a hospital's update goes, or why it goes nowhere.</summary>
[GenerateSerializer, Immutable, Alias("fo.UploadTarget")]
public sealed record UploadTarget
{
    /// <summary>How the request was taken: Applied, Duplicate (it counts already), WrongEpoch, WrongAttempt, Late, Early, UnknownParticipant.</summary>
    [Id(0)] public required RoundVerdict Verdict { get; init; }

    /// <summary>The current epoch.</summary>
    [Id(1)] public long Epoch { get; init; }

    /// <summary>The activation of the aggregator that serves it.</summary>
    [Id(2)] public Guid Incarnation { get; init; }

    /// <summary>Digest of the update that counts already.</summary>
    [Id(3)] public ContentDigest Counted { get; init; }

    /// <summary>The hospital's group, whose aggregator stages its update.</summary>
    [Id(4)] public int Group { get; init; }
}

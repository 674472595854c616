using FederatedOrleans.Identity;

namespace FederatedOrleans.Aggregation;

/// <summary>Up to 1 MiB of a hospital's update.</summary>
[GenerateSerializer, Immutable, Alias("fo.StageChunk")]
public sealed record StageChunk
{
    /// <summary>The activation it is meant for.</summary>
    [Id(0)] public required Guid Incarnation { get; init; }

    /// <summary>Hospital id, from the certificate.</summary>
    [Id(1)] public required string Hospital { get; init; }

    /// <summary>Digest of the whole update.</summary>
    [Id(2)] public required ContentDigest Digest { get; init; }

    /// <summary>Training rows behind it.</summary>
    [Id(3)] public required long NumExamples { get; init; }

    /// <summary>Where the chunk begins.</summary>
    [Id(4)] public required long Offset { get; init; }

    /// <summary>
    /// The bytes; they are the aggregator's until the call ends. Memory that is a block it may take for good: whoever sent it finds that out,
    /// and neither reads it nor sends it again.
    /// </summary>
    [Id(5)] public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Tag of what the update's bytes are; raw float32 where absent.</summary>
    [Id(6)] public string? Encoding { get; init; }

    /// <summary>Bytes of the whole update, where the hospital has declared them: if its model's have another number, nothing of it is kept.</summary>
    [Id(7)] public long? Length { get; init; }
}

using System.Collections.Immutable;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>A committed model and where it comes from; the parameters themselves are read in chunks.</summary>
[GenerateSerializer, Immutable, Alias("fo.ModelDescription")]
public sealed record ModelDescription
{
    /// <summary>Version: the number of the round that committed it, 0 for the initial model.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>SHA-256 of its raw little-endian float32 payload.</summary>
    [Id(1)] public required ContentDigest Digest { get; init; }

    /// <summary>Bytes of that payload.</summary>
    [Id(2)] public required long ByteLength { get; init; }

    /// <summary>The plan as submitted, UTF-8 JSON.</summary>
    [Id(3)] public required byte[] Plan { get; init; }

    /// <summary>
    /// Manifests of all rounds up to this version, oldest first. The centre leaves it empty, since a long lineage is no one message: it is
    /// read page by page with <see cref="IRunGrain.LineageAsync"/>.
    /// </summary>
    [Id(4)] public ImmutableArray<RoundManifest> Lineage { get; init; } = [];

    /// <summary>The vector that the statistics round has committed, by which inputs are preprocessed; absent where the plan has no preprocessing.</summary>
    [Id(5)] public byte[]? Statistics { get; init; }
}

using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Link;

/// <summary>An update from the outbox on its way.</summary>
internal sealed record UpdateUpload
{
    /// <summary>Which attempt.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>Epoch of the aggregator.</summary>
    public required long Epoch { get; init; }

    /// <summary>Digest of the whole update.</summary>
    public required ContentDigest Digest { get; init; }

    /// <summary>Training rows behind it.</summary>
    public required long NumExamples { get; init; }

    /// <summary>Tag of what the bytes are; raw float32 where absent.</summary>
    public string? Encoding { get; init; }

    /// <summary>Opens the bytes at their beginning; seekable.</summary>
    public required Func<Stream> Open { get; init; }
}

namespace FederatedOrleans.Link;

/// <summary>Paths and headers of the link's HTTP bodies: the same at both ends.</summary>
public static class LinkRoutes
{
    /// <summary>A plan or a model by its digest; supports ranges.</summary>
    public const string Blobs = "/link/v1/blobs";

    /// <summary>An update by run, round, attempt and epoch.</summary>
    public const string Updates = "/link/v1/updates";

    /// <summary>Digest of the whole update, in requests.</summary>
    public const string DigestHeader = "Fo-Update-Digest";

    /// <summary>Training rows behind the update, in PUT requests.</summary>
    public const string NumExamplesHeader = "Fo-Num-Examples";

    /// <summary>Length of the whole update in bytes, in requests; nodes before it existed leave it out.</summary>
    public const string LengthHeader = "Fo-Length";

    /// <summary>What the update's bytes are, in PUT requests, such as <c>int8+lz4</c>; absent where they are raw float32.</summary>
    public const string EncodingHeader = "Fo-Encoding";

    /// <summary>Most bytes a second that the centre takes of this hospital, in answers; absent where it has no limit.</summary>
    public const string RateHeader = "Fo-Bytes-Per-Second";

    /// <summary>Where the body begins in the update, in PUT requests.</summary>
    public const string OffsetHeader = "Fo-Offset";

    /// <summary>Bytes that the receiver holds, in answers.</summary>
    public const string HeldHeader = "Fo-Held";

    /// <summary>The current epoch, in answers.</summary>
    public const string EpochHeader = "Fo-Epoch";

    /// <summary>Path of an update.</summary>
    public static string Update(string run, int round, int attempt, long epoch) => $"{Updates}/{run}/{round}/{attempt}/{epoch}";
}

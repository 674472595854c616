namespace FederatedOrleans.Hospitals;

/// <summary>How much the link takes: calls and uploads before it answers 429, and bytes, which it just takes its time for.</summary>
internal sealed record LinkLimits
{
    /// <summary>Control calls and downloads of one hospital a second; twice as many at once, and as many waiting.</summary>
    public int CallsPerSecond { get; init; } = 200;

    /// <summary>Uploads at once.</summary>
    public int UploadsAtOnce { get; init; } = 32;

    /// <summary>Uploads that wait for their turn.</summary>
    public int UploadsWaiting { get; init; } = 256;

    /// <summary>Most bytes of models and updates a second, of each hospital and each way: at least 16,384; null, the default, for no limit.</summary>
    public long? MaxBytesPerSecond { get; init; }
}

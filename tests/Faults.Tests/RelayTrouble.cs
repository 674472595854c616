namespace FederatedOrleans.Faults;

/// <summary>What a line does to what it carries.</summary>
internal sealed record RelayTrouble
{
    /// <summary>A good line.</summary>
    public static readonly RelayTrouble None = new();

    /// <summary>How late each piece of at most 16 KiB comes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Bytes a second in each direction of each connection; null for no limit.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Bytes in one direction after which a connection breaks; null for never.</summary>
    public long? BreaksAfter { get; init; }

    /// <summary>Whether nobody gets through: what calls is hung up on.</summary>
    public bool IsDown { get; init; }

    /// <summary>How long a piece is held up.</summary>
    public TimeSpan DelayOf(int bytes) => Latency + (BytesPerSecond is { } rate ? TimeSpan.FromSeconds((double)bytes / rate) : TimeSpan.Zero);
}

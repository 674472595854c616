using System.ComponentModel.DataAnnotations;

namespace FederatedOrleans.Operators;

/// <summary>How the operator's pages are served.</summary>
public sealed record OperatorPagesOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Operators";

    /// <summary>Host names accepted in requests beside localhost and loopback addresses, without a port. None by default.</summary>
    [Required]
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>A login ends after so long without a request: 1 minute to 1 day; 8 hours by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>A login ends after so long in any case, and with its token: 1 minute to 30 days; 1 day by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan LongestSession { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Login attempts an address has a minute, 1 to 10,000; 20 by default.</summary>
    [Range(1, 10_000)]
    public int LoginAttemptsPerMinute { get; init; } = 20;

    /// <summary>Event streams open at a time, 1 to 10,000; 64 by default. More are answered 503.</summary>
    [Range(1, 10_000)]
    public int MaxStreams { get; init; } = 64;

    /// <summary>An event stream is ended after so long, and the browser opens it again with a fresh check: 1 s to 1 day; 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StreamTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest silence on an event stream, 1 s to 1 minute; 15 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a stream looks for what no event tells, such as training progress: 50 ms to 10 s; 2 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A folder for the keys that protect the login cookies; absent by default: kept in memory, so that logins end with the process.</summary>
    public string? KeyFolder { get; init; }
}

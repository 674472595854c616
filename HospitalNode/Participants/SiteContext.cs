namespace FederatedOrleans.Site.Participants;

/// <summary>Which hospital a site is, and where it keeps its files.</summary>
internal sealed record SiteContext
{
    /// <summary>Hospital id, as its certificate says.</summary>
    public required string Hospital { get; init; }

    /// <summary>Folder of outbox and cache.</summary>
    public required string Folder { get; init; }

    /// <summary>How often to ask without having been woken: 15 s by default.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often progress is reported: 1 s by default.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between two attempts to reach the centre: 30 s by default.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(30);
}

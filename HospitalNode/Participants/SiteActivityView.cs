using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>What a site is doing now.</summary>
internal sealed record SiteActivityView
{
    /// <summary>Whether the stream to the centre is open.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Why the stream is not open, in words; null where it is, or ended in good order.</summary>
    public string? DisconnectedBecause { get; init; }

    /// <summary>When the centre last answered.</summary>
    public DateTimeOffset? LastContact { get; init; }

    /// <summary>The attempt being worked on.</summary>
    public string? Work { get; init; }

    /// <summary>What is done for it.</summary>
    public SiteStage? Stage { get; init; }

    /// <summary>Training steps done.</summary>
    public long StepsDone { get; init; }

    /// <summary>Training steps in all.</summary>
    public long StepsTotal { get; init; }

    /// <summary>What is done for a training, with the bytes of a transfer under way; null where nothing has moved yet.</summary>
    public SiteProgress? Progress { get; init; }

    /// <summary>Why training pauses now, in words; null where it does not.</summary>
    public string? PausedBecause { get; init; }

    /// <summary>Why the newest job that failed did, until one ends well.</summary>
    public string? LastFault { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? LastFaultAt { get; init; }
}

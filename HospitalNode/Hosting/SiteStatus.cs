using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Site.Hosting;

/// <summary>What a running node tells about itself in its status file.</summary>
internal sealed record SiteStatus
{
    /// <summary>Hospital id.</summary>
    public required string Hospital { get; init; }

    /// <summary>Process id.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>What the site does.</summary>
    public required SiteActivityView Activity { get; init; }
}

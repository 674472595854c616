using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Approvals;

/// <summary>The dataset owner's consent: to one plan by its digest, or to a class of plans by their name.</summary>
/// <remarks>Without one nothing is done. It is a file in the site's folder, readable and removable by whoever owns that folder.</remarks>
internal sealed record Approval
{
    /// <summary>Version of the file format; 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The trainer that may be used: a model kind.</summary>
    public required string Trainer { get; init; }

    /// <summary>The one plan; absent for a class.</summary>
    public ContentDigest? PlanDigest { get; init; }

    /// <summary>Every plan of this name; absent for one plan.</summary>
    public string? PlanName { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Whether it covers a plan.</summary>
    public bool Covers(string dataset, string trainer, ContentDigest planDigest, string planName) =>
        Dataset == dataset && Trainer == trainer
        && (PlanDigest is { } digest ? digest == planDigest : PlanName is not null && PlanName == planName);
}

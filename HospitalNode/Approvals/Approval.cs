using System.Text.Json.Serialization;
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

    /// <summary>Whether plans of that name may gather statistics, which leave the hospital; one plan's are approved with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Statistics { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Whether it covers a plan.</summary>
    public bool Covers(string dataset, AskedPlan plan) => Dataset == dataset && Trainer == plan.Trainer
        && (PlanDigest is { } digest ? digest == plan.Digest : PlanName is not null && PlanName == plan.Name && (Statistics || !plan.GathersStatistics));
}

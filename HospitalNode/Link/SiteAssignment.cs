using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Link;

/// <summary>One thing that the centre asks of this hospital.</summary>
/// <param name="Id">Which attempt.</param>
/// <param name="Epoch">Epoch of the aggregator.</param>
/// <param name="Stage">What is asked.</param>
/// <param name="PlanDigest">The plan.</param>
/// <param name="Model">The model to start from, or to evaluate.</param>
/// <param name="Deadline">Until when.</param>
/// <param name="Control">SCAFFOLD's control variate of the centre; none where there is none, or it is zero still.</param>
/// <param name="Statistics">What the statistics round has committed, by which to preprocess; none where the plan has none.</param>
/// <param name="Incumbent">The model in use, with which one to evaluate is compared; none where there is none.</param>
internal sealed record SiteAssignment(
    AttemptId Id,
    long Epoch,
    SiteStage Stage,
    ContentDigest PlanDigest,
    ContentDigest Model,
    DateTimeOffset Deadline,
    ContentDigest Control = default,
    ContentDigest Statistics = default,
    ContentDigest Incumbent = default);

using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Approvals;

/// <summary>How often a plan has used a dataset: the owner's account of it.</summary>
/// <param name="PlanDigest">The plan.</param>
/// <param name="Trainings">Trainings begun.</param>
[GenerateSerializer, Immutable, Alias("fo.site.DatasetUse")]
internal sealed record DatasetUse([property: Id(0)] ContentDigest PlanDigest, [property: Id(1)] long Trainings);

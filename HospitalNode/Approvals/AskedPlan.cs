using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Approvals;

/// <summary>A plan as a dataset's owner is asked about it.</summary>
/// <param name="Trainer">The trainer that it uses: a model kind.</param>
/// <param name="Digest">Digest of the plan as submitted.</param>
/// <param name="Name">Its name.</param>
/// <param name="GathersStatistics">Whether counts and sums of the features leave the hospital, in a round of their own.</param>
[GenerateSerializer, Immutable, Alias("fo.site.AskedPlan")]
internal sealed record AskedPlan(
    [property: Id(0)] string Trainer, [property: Id(1)] ContentDigest Digest, [property: Id(2)] string Name, [property: Id(3)] bool GathersStatistics);

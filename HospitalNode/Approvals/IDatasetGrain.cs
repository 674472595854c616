using System.Collections.Immutable;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Approvals;

/// <summary>One dataset of this hospital across all runs: consent and use. Key: <see cref="Participants.SiteKeys.Dataset"/>.</summary>
[GrainInterfaceType("fo.site.dataset")]
internal interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>Whether the owner has approved a plan.</summary>
    [Alias("approves")]
    Task<bool> ApprovesAsync(AskedPlan plan, CancellationToken cancellationToken = default);

    /// <summary>Notes that a training of that plan begins.</summary>
    [Alias("used")]
    Task UsedAsync(ContentDigest planDigest, CancellationToken cancellationToken = default);

    /// <summary>Use by plan.</summary>
    [Alias("uses")]
    Task<ImmutableArray<DatasetUse>> UsesAsync(CancellationToken cancellationToken = default);
}

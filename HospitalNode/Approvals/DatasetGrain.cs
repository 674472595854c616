using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Participants;
using Orleans.Runtime;

namespace FederatedOrleans.Site.Approvals;

/// <summary>One dataset of this hospital: the owner's approvals, and how often each plan has used it.</summary>
[GrainType("fo.site.dataset")]
internal sealed class DatasetGrain(
    [PersistentState("fo.site.dataset", SiteKeys.Storage)] IPersistentState<DatasetState> storage,
    IApprovals approvals) : Grain, IDatasetGrain
{
    public Task<bool> ApprovesAsync(AskedPlan plan, CancellationToken cancellationToken = default)
    {
        var parts = this.GetPrimaryKeyString().Split(':')[1].Split('/');
        return Task.FromResult(approvals.IsApproved(parts[0], parts[1], plan));
    }

    public async Task UsedAsync(ContentDigest planDigest, CancellationToken cancellationToken = default)
    {
        var uses = storage.State.Uses;
        var known = uses.FirstOrDefault(use => use.PlanDigest == planDigest);
        storage.State = new DatasetState
        {
            Uses = known is null
                ? uses.Add(new DatasetUse(planDigest, 1))
                : uses.Replace(known, known with { Trainings = known.Trainings + 1 }),
        };
        await storage.WriteStateAsync(cancellationToken);
    }

    public Task<ImmutableArray<DatasetUse>> UsesAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(storage.State.Uses);
}

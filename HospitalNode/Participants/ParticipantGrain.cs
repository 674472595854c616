using FederatedOrleans.Diagnostics;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;
using Orleans.Runtime;

namespace FederatedOrleans.Site.Participants;

/// <summary>One run at this hospital. Training runs elsewhere; here is only what must survive.</summary>
[GrainType("fo.site.participant")]
internal sealed class ParticipantGrain(
    [PersistentState("fo.site.participant", SiteKeys.Storage)] IPersistentState<ParticipantState> storage) : Grain, IParticipantGrain
{
    public async Task<SiteRefusal> AcceptAsync(AttemptId id, CancellationToken cancellationToken = default)
    {
        var state = storage.State;
        if (state.Accepted == id || state.Outbox?.Id == id)
        {
            return SiteRefusal.None;
        }

        if (!state.IsNew(id))
        {
            return SiteRefusal.NotNewer;
        }

        if (state.Outbox is not null)
        {
            // Its staged memory is what the next training would start from: the outcome comes first.
            return SiteRefusal.Busy;
        }

        await WriteAsync(state with { Accepted = id }, cancellationToken);
        SiteSteps.Reach(StepNames.Accepted, id);
        return SiteRefusal.None;
    }

    public Task<ParticipantState> StateAsync(CancellationToken cancellationToken = default) => Task.FromResult(storage.State);

    public async Task<bool> RecordAsync(OutboxEntry entry, CancellationToken cancellationToken = default)
    {
        var state = storage.State;
        if (state.Outbox is { } known)
        {
            return known == entry;
        }

        if (state.Accepted != entry.Id)
        {
            return false;
        }

        await WriteAsync(state with { Outbox = entry }, cancellationToken);
        SiteSteps.Reach(StepNames.OutboxRecorded, entry.Id);
        return true;
    }

    public async Task SettleAsync(AttemptId id, ContentDigest included, CancellationToken cancellationToken = default)
    {
        var state = storage.State;
        var settled = state.Settled(id);
        if (state.Outbox is { } entry && entry.Id == id)
        {
            settled = settled with { Outbox = null, Memory = entry.Digest == included ? entry.Staged : state.Memory };
        }

        if (settled != state)
        {
            SiteSteps.Reach(StepNames.SettleBeforeWrite, id);
            await WriteAsync(settled, cancellationToken);
            SiteSteps.Reach(StepNames.SettleAfterWrite, id);
        }
    }

    private async Task WriteAsync(ParticipantState next, CancellationToken cancellationToken)
    {
        var before = storage.State;
        storage.State = next;
        try
        {
            await storage.WriteStateAsync(cancellationToken);
        }
        catch
        {
            storage.State = before;
            DeactivateOnIdle();
            throw;
        }
    }
}

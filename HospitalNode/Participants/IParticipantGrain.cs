using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>One run at this hospital: what was accepted, trained and settled. Key: <see cref="SiteKeys.Participant"/>.</summary>
[GrainInterfaceType("fo.site.participant")]
internal interface IParticipantGrain : IGrainWithStringKey
{
    /// <summary>Takes an attempt on, unless it is settled or an update awaits its outcome.</summary>
    [Alias("accept")]
    Task<SiteRefusal> AcceptAsync(AttemptId id, CancellationToken cancellationToken = default);

    /// <summary>What is stored.</summary>
    [Alias("state")]
    Task<ParticipantState> StateAsync(CancellationToken cancellationToken = default);

    /// <summary>Records, in one transaction, that the update's bytes are in the outbox. False where the attempt is not the accepted one.</summary>
    [Alias("record")]
    Task<bool> RecordAsync(OutboxEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Settles an attempt: promotes the staged memory if exactly its digest was included, else discards it.</summary>
    [Alias("settle")]
    Task SettleAsync(AttemptId id, ContentDigest included, CancellationToken cancellationToken = default);
}

using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Runs;
using Orleans.Concurrency;

namespace FederatedOrleans.Hospitals;

/// <summary>One hospital at the centre. Key: <see cref="GrainKeys.Hospital"/>.</summary>
/// <remarks>Standing and keys are stored. Presence and the inbox are derived: coordinators offer again what still holds.</remarks>
[GrainInterfaceType("fo.hospital")]
public interface IHospitalGrain : IGrainWithStringKey
{
    /// <summary>Marks it as invited; refused where it is revoked.</summary>
    [Alias("invite")]
    Task<CommandResult> InviteAsync(CancellationToken cancellationToken = default);

    /// <summary>Admits a key; at most two at a time.</summary>
    [Alias("admit")]
    Task<CommandResult> AdmitAsync(HospitalKey key, CancellationToken cancellationToken = default);

    /// <summary>Revokes all keys and drops open streams.</summary>
    [Alias("revoke")]
    Task<CommandResult> RevokeAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether a key is admitted, valid now, and not revoked.</summary>
    [Alias("is-admitted"), AlwaysInterleave]
    Task<bool> IsAdmittedAsync(string fingerprint, CancellationToken cancellationToken = default);

    /// <summary>The hospital opens its stream.</summary>
    [Alias("attend")]
    Task AttendAsync(
        IHospitalObserver observer,
        string nodeVersion,
        ImmutableArray<OfferedDataset> datasets,
        CancellationToken cancellationToken = default);

    /// <summary>The hospital says when it can work: its calendar, or null where it is always open. In memory, until it says otherwise.</summary>
    [Alias("publish-availability")]
    Task PublishAvailabilityAsync(WeeklyAvailability? calendar, CancellationToken cancellationToken = default);

    /// <summary>The stream has ended.</summary>
    [Alias("leave")]
    Task LeaveAsync(IHospitalObserver observer, CancellationToken cancellationToken = default);

    /// <summary>The hospital is alive. False where this activation does not know what it said when it opened its stream: to be said again.</summary>
    [Alias("heartbeat"), AlwaysInterleave]
    Task<bool> HeartbeatAsync(IHospitalObserver observer, CancellationToken cancellationToken = default);

    /// <summary>What the hospital is to do now; counts as a heartbeat.</summary>
    [Alias("inbox"), AlwaysInterleave]
    Task<HospitalInbox> InboxAsync(CancellationToken cancellationToken = default);

    /// <summary>Puts an assignment into the inbox, in the place of an older one of the same run and kind; the answer is the last sign of life.</summary>
    [Alias("offer"), AlwaysInterleave]
    Task<DateTimeOffset> OfferAsync(HospitalAssignment assignment, CancellationToken cancellationToken = default);

    /// <summary>Takes an assignment out of the inbox and tells the hospital, so that it asks for outcomes.</summary>
    [Alias("withdraw"), AlwaysInterleave]
    Task WithdrawAsync(string run, int round, int attempt, CancellationToken cancellationToken = default);

    /// <summary>The hospital for people.</summary>
    [Alias("view"), AlwaysInterleave]
    Task<HospitalView> ViewAsync(CancellationToken cancellationToken = default);
}

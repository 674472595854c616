using System.Collections.Immutable;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;
using FederatedOrleans.Security;
using Orleans.Concurrency;

namespace FederatedOrleans.Federation;

/// <summary>The index of hospitals and runs, and the border that clients call. Key: <see cref="GrainKeys.Federation"/>.</summary>
[GrainInterfaceType("fo.federation")]
public interface IFederationGrain : IGrainWithStringKey
{
    /// <summary>The federation in one line.</summary>
    [Alias("view"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<FederationView> ViewAsync(CancellationToken cancellationToken = default);

    /// <summary>Validates a plan and starts its run.</summary>
    [Alias("submit"), AllowClient(FederationRole.Researcher)]
    Task<SubmitResult> SubmitAsync(SubmitPlan submit, CancellationToken cancellationToken = default);

    /// <summary>Runs, the newest first, at most <paramref name="count"/> (at most 1,000).</summary>
    [Alias("runs"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<ImmutableArray<RunSummary>> RunsAsync(int count, CancellationToken cancellationToken = default);

    /// <summary>Hospitals in ordinal order.</summary>
    [Alias("hospitals"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<ImmutableArray<HospitalView>> HospitalsAsync(CancellationToken cancellationToken = default);

    /// <summary>Puts a hospital on the list.</summary>
    [Alias("invite-hospital"), AllowClient(FederationRole.Operator)]
    Task<CommandResult> InviteHospitalAsync(string hospital, CancellationToken cancellationToken = default);

    /// <summary>Admits the key of an invited hospital's certificate.</summary>
    [Alias("admit-hospital"), AllowClient(FederationRole.Operator)]
    Task<CommandResult> AdmitHospitalAsync(string hospital, HospitalKey key, CancellationToken cancellationToken = default);

    /// <summary>Revokes a hospital and drops its streams.</summary>
    [Alias("revoke-hospital"), AllowClient(FederationRole.Operator)]
    Task<CommandResult> RevokeHospitalAsync(string hospital, CancellationToken cancellationToken = default);

    /// <summary>Ids of enrolled hospitals in ordinal order.</summary>
    [Alias("enrolled"), AlwaysInterleave]
    Task<ImmutableArray<string>> EnrolledAsync(CancellationToken cancellationToken = default);

    /// <summary>Revokes a token by its id.</summary>
    [Alias("revoke-token"), AllowClient(FederationRole.Operator)]
    Task<CommandResult> RevokeTokenAsync(RevokedToken token, CancellationToken cancellationToken = default);

    /// <summary>Tokens that are revoked and would not have expired yet.</summary>
    [Alias("revoked-tokens"), AlwaysInterleave]
    Task<ImmutableArray<RevokedToken>> RevokedTokensAsync(CancellationToken cancellationToken = default);

    /// <summary>Marks a login link as used; false where it had been before.</summary>
    [Alias("use-login-link")]
    Task<bool> UseLoginLinkAsync(RevokedToken link, CancellationToken cancellationToken = default);

    /// <summary>Activates every run after a start of the centre, so that unfinished ones go on.</summary>
    [Alias("wake-runs")]
    Task WakeRunsAsync(CancellationToken cancellationToken = default);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Silo.Tests.Security;

/// <summary>Stands in for the federation grain: the filter asks it for revoked tokens.</summary>
[GrainType("test.federation")]
public sealed class RevocationsOnlyGrain : Grain, IFederationGrain
{
    public static ConcurrentBag<RevokedToken> Revoked { get; } = [];

    public Task<ImmutableArray<RevokedToken>> RevokedTokensAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(Revoked.ToImmutableArray());

    public Task<FederationView> ViewAsync(CancellationToken cancellationToken = default) => Task.FromResult(new FederationView("heart", 0, 0));

    public Task<SubmitResult> SubmitAsync(SubmitPlan submit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ImmutableArray<RunSummary>> RunsAsync(int count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ImmutableArray<HospitalView>> HospitalsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> InviteHospitalAsync(string hospital, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> AdmitHospitalAsync(string hospital, HospitalKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<CommandResult> RevokeHospitalAsync(string hospital, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ImmutableArray<string>> EnrolledAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> RevokeTokenAsync(RevokedToken token, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> UseLoginLinkAsync(RevokedToken link, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WakeRunsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

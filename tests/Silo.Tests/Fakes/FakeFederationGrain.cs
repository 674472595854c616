using System.Collections.Immutable;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Operators.Fakes;

/// <summary>Answers from a <see cref="FakeFederation"/>; only what the pages call.</summary>
[GrainType("fo.fake-federation")]
public sealed class FakeFederationGrain(FakeFederation federation) : Grain, IFederationGrain
{
    public Task<FederationView> ViewAsync(CancellationToken cancellationToken = default) =>
        Answer(() => new FederationView("main", federation.Hospitals.Length, federation.Runs.Length));

    public Task<ImmutableArray<RunSummary>> RunsAsync(int count, CancellationToken cancellationToken = default) => Answer(() => federation.Runs);

    public Task<ImmutableArray<HospitalView>> HospitalsAsync(CancellationToken cancellationToken = default) => Answer(() => federation.Hospitals);

    public Task<ImmutableArray<RevokedToken>> RevokedTokensAsync(CancellationToken cancellationToken = default) => Answer(() => federation.Revoked);

    public Task<bool> UseLoginLinkAsync(RevokedToken link, CancellationToken cancellationToken = default) =>
        Answer(() => federation.UseLink(link.TokenId));

    public Task<SubmitResult> SubmitAsync(SubmitPlan submit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> InviteHospitalAsync(string hospital, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> AdmitHospitalAsync(string hospital, HospitalKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<CommandResult> RevokeHospitalAsync(string hospital, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ImmutableArray<string>> EnrolledAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> RevokeTokenAsync(RevokedToken token, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WakeRunsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private Task<T> Answer<T>(Func<T> answer) =>
        federation.Unavailable ? throw new TimeoutException("The storage does not answer.") : Task.FromResult(answer());
}

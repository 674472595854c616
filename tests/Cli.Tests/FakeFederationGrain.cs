using System.Collections.Immutable;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;
using FederatedOrleans.Security;
using Orleans.Runtime;

namespace FederatedOrleans.Cli.Tests;

/// <summary>A federation that takes notes.</summary>
[GrainType("test.federation")]
public sealed class FakeFederationGrain : Grain, IFederationGrain
{
    private readonly Dictionary<Guid, int> _submissions = [];

    public Task<FederationView> ViewAsync(CancellationToken cancellationToken = default) => Task.FromResult(new FederationView("heart", 2, 1));

    public Task<SubmitResult> SubmitAsync(SubmitPlan submit, CancellationToken cancellationToken = default)
    {
        if ((RequestContext.Get(RequestContextKeys.Token) as string) != "the-token")
        {
            throw new UnauthorizedAccessException("The token is revoked: ask the federation's operator for a new one.");
        }

        // The first answer to each submission is lost.
        _submissions[submit.Submission] = _submissions.GetValueOrDefault(submit.Submission) + 1;
        return _submissions[submit.Submission] == 1
            ? throw new TimeoutException("lost")
            : Task.FromResult(new SubmitResult("run-complete", []));
    }

    public Task<ImmutableArray<RunSummary>> RunsAsync(int count, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<RunSummary>>(
            [FakeRunGrain.Summary("run-stopped", RunStatus.Stopped), FakeRunGrain.Summary("run-complete", RunStatus.Completed)]);

    public Task<ImmutableArray<HospitalView>> HospitalsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<HospitalView>>(
        [
            new()
            {
                Hospital = "cleveland",
                Standing = HospitalStanding.Enrolled,
                Attending = true,
                NodeVersion = "0.1.0",
                Datasets = [new("heart", ContentDigest.Of("s"u8), 1000)],
                KeyFingerprints = [new string('a', 64)],
            },
            new() { Hospital = "hungary", Standing = HospitalStanding.Invited },
        ]);

    public Task<CommandResult> InviteHospitalAsync(string hospital, CancellationToken cancellationToken = default) =>
        Note($"invite {hospital}");

    public Task<CommandResult> AdmitHospitalAsync(string hospital, HospitalKey key, CancellationToken cancellationToken = default) =>
        Note($"admit {hospital} {key.Fingerprint}");

    public Task<CommandResult> RevokeHospitalAsync(string hospital, CancellationToken cancellationToken = default) =>
        Task.FromResult(CommandResult.Refused($"There is no hospital '{hospital}'."));

    public Task<ImmutableArray<string>> EnrolledAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> RevokeTokenAsync(RevokedToken token, CancellationToken cancellationToken = default) =>
        Note($"revoke-token {token.TokenId}");

    public Task<ImmutableArray<RevokedToken>> RevokedTokensAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<bool> UseLoginLinkAsync(RevokedToken link, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WakeRunsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private static Task<CommandResult> Note(string command)
    {
        FakeRunGrain.Commands.Enqueue(command);
        return Task.FromResult(CommandResult.Ok);
    }
}

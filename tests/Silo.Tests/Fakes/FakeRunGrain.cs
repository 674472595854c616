using System.Collections.Immutable;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Operators.Fakes;

/// <summary>Answers from a <see cref="FakeFederation"/>; only what the pages call.</summary>
[GrainType("fo.fake-run")]
public sealed class FakeRunGrain(FakeFederation federation) : Grain, IRunGrain
{
    private string Run => GrainKeys.IdOf(this.GetPrimaryKeyString());

    public Task<RunView?> ViewAsync(CancellationToken cancellationToken = default) =>
        federation.Unavailable ? throw new TimeoutException("The storage does not answer.") : Task.FromResult(federation.View(Run));

    public Task<ImmutableArray<ModelVersionView>> VersionsAsync(int from, int count, CancellationToken cancellationToken = default) =>
        Task.FromResult(federation.Versions(Run, from, count));

    public Task<ImmutableArray<RunEvent>> EventsAsync(long after, TimeSpan wait, CancellationToken cancellationToken = default) =>
        federation.EventsAsync(Run, after, wait, cancellationToken);

    public Task<ImmutableArray<RoundManifest>> LineageAsync(int from, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<RunExplanation?> WhyAsync(CancellationToken cancellationToken = default) => Task.FromResult(
        federation.View(Run) is null ? null : new RunExplanation { Why = "round 3 waits for updates", IfClosedNow = "it would be refused" });

    public Task<CommandResult> CloseRoundAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> AbandonRoundAsync(string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> ResumeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> StopAsync(string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ModelDescription?> DescribeModelAsync(int? version, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> ReleaseAsync(string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CommandResult> EvaluateAsync(int version, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StatisticsView?> StatisticsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<byte[]> ReadModelAsync(int version, long offset, int count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}

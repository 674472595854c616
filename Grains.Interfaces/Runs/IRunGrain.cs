using System.Collections.Immutable;
using FederatedOrleans.Security;
using Orleans.Concurrency;

namespace FederatedOrleans.Runs;

/// <summary>A run as researchers and operators see it. Key: <see cref="GrainKeys.Run"/>.</summary>
[GrainInterfaceType("fo.run")]
public interface IRunGrain : IGrainWithStringKey
{
    /// <summary>The run with its current round and latest model; null where there is no such run.</summary>
    [Alias("view"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<RunView?> ViewAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Committed versions from <paramref name="from"/> (at least 1), at most <paramref name="count"/> (at most 200), oldest first. A page may
    /// be shorter, so that it is no large message; the last one is empty.
    /// </summary>
    [Alias("versions"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<ImmutableArray<ModelVersionView>> VersionsAsync(int from, int count, CancellationToken cancellationToken = default);

    /// <summary>Events after a number, at most 200; waits up to <paramref name="wait"/> (at most 10 s) for the first.</summary>
    [Alias("events"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<ImmutableArray<RunEvent>> EventsAsync(long after, TimeSpan wait, CancellationToken cancellationToken = default);

    /// <summary>Why the run is where it is; null where there is no such run.</summary>
    [Alias("why"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<RunExplanation?> WhyAsync(CancellationToken cancellationToken = default);

    /// <summary>Goes on with the hospitals that have accepted, or with the updates that are in, if they are at least the minimum.</summary>
    [Alias("close-round"), AllowClient(FederationRole.Researcher)]
    Task<CommandResult> CloseRoundAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives up the attempt under way; the next one follows, as after any abandoned attempt.</summary>
    [Alias("abandon-round"), AllowClient(FederationRole.Researcher)]
    Task<CommandResult> AbandonRoundAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>Pauses after giving up the attempt under way.</summary>
    [Alias("pause"), AllowClient(FederationRole.Researcher)]
    Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>Goes on after a pause with a new attempt.</summary>
    [Alias("resume"), AllowClient(FederationRole.Researcher)]
    Task<CommandResult> ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the run; its committed models stay.</summary>
    [Alias("stop"), AllowClient(FederationRole.Researcher)]
    Task<CommandResult> StopAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>Has hospitals evaluate a committed version that the plan has not evaluated: its results come with <see cref="VersionsAsync"/>. Also of a run that has ended.</summary>
    [Alias("evaluate"), AllowClient(FederationRole.Researcher)]
    Task<CommandResult> EvaluateAsync(int version, CancellationToken cancellationToken = default);

    /// <summary>Completes a run whose model is held, although it does harm by the plan's rule.</summary>
    [Alias("release"), AllowClient(FederationRole.Operator)]
    Task<CommandResult> ReleaseAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>Manifests of committed rounds from <paramref name="from"/> (at least 1), oldest first, as many as one message takes; the last page is empty.</summary>
    [Alias("lineage"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<ImmutableArray<RoundManifest>> LineageAsync(int from, CancellationToken cancellationToken = default);

    /// <summary>A committed model without its lineage; where <paramref name="version"/> is absent the best where the run knows one, else the latest. Null where there is none.</summary>
    /// <exception cref="FederationException">No version is named, and the run's rule against harm has not let its model go.</exception>
    [Alias("describe-model"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<ModelDescription?> DescribeModelAsync(int? version, CancellationToken cancellationToken = default);

    /// <summary>What the statistics round has committed; null where it has not, or there is none.</summary>
    [Alias("statistics"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<StatisticsView?> StatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>Bytes of a committed model's payload from an offset, at most 1 MiB.</summary>
    [Alias("read-model"), AlwaysInterleave, AllowClient(FederationRole.Researcher)]
    Task<byte[]> ReadModelAsync(int version, long offset, int count, CancellationToken cancellationToken = default);
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Client;

/// <summary>A researcher's or operator's connection to the centre: runs, models, hospitals, tokens.</summary>
/// <remarks>
/// Safe for concurrent use. What the centre refuses comes as <see cref="FederationException"/> with a sentence for people, and a centre
/// that does not answer as <see cref="CentreUnreachableException"/>; every method of this class may throw either of them.
/// </remarks>
public sealed class FederationClient : IAsyncDisposable
{
    private const int VersionsPerCall = 200;
    private const int ModelChunk = 1 << 20;
    private const long LargestModel = 0x7FFFFFC7;
    private const int SubmitAttempts = 3;
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(10);

    private readonly CentreConnection _connection;
    private readonly FederationClientOptions _options;
    private readonly TimeProvider _time;

    private FederationClient(CentreConnection connection, FederationClientOptions options, TimeProvider time) =>
        (_connection, _options, _time) = (connection, options, time);

    /// <summary>Connects.</summary>
    /// <exception cref="CentreUnreachableException">No gateway took the connection in time.</exception>
    /// <exception cref="FederationException">The options are wrong.</exception>
    public static async Task<FederationClient> ConnectAsync(FederationClientOptions options, CancellationToken cancellationToken = default) =>
        new(await CentreConnection.OpenAsync(options, cancellationToken), options, TimeProvider.System);

    /// <summary>The federation in one line.</summary>
    public Task<FederationView> FederationAsync(CancellationToken cancellationToken = default) =>
        OnFederationAsync(federation => federation.ViewAsync(cancellationToken), cancellationToken);

    /// <summary>Submits a plan, UTF-8 JSON: the run's id, or all faults of the plan. A lost answer is asked for again without a second run.</summary>
    public async Task<SubmitResult> SubmitAsync(ReadOnlyMemory<byte> plan, CancellationToken cancellationToken = default)
    {
        var submit = new SubmitPlan { Submission = Guid.NewGuid(), Plan = plan.ToArray() };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnFederationAsync(federation => federation.SubmitAsync(submit, cancellationToken), cancellationToken);
            }
            catch (CentreUnreachableException) when (attempt < SubmitAttempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), _time, cancellationToken);
            }
        }
    }

    /// <summary>Runs, the newest first.</summary>
    /// <param name="count">At most so many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ImmutableArray<RunSummary>> RunsAsync(int count = 100, CancellationToken cancellationToken = default) =>
        OnFederationAsync(federation => federation.RunsAsync(count, cancellationToken), cancellationToken);

    /// <summary>A run with its current round and latest model; null where there is no such run.</summary>
    public Task<RunView?> RunAsync(string run, CancellationToken cancellationToken = default) =>
        OnRunAsync(run, grain => grain.ViewAsync(cancellationToken), cancellationToken);

    /// <summary>All committed versions of a run's model, oldest first, with what hospitals measured of them.</summary>
    public async Task<ImmutableArray<ModelVersionView>> VersionsAsync(string run, CancellationToken cancellationToken = default)
    {
        var versions = ImmutableArray.CreateBuilder<ModelVersionView>();
        while (true)
        {
            var from = versions.Count == 0 ? 1 : versions[^1].Manifest.Round + 1;
            var page = await OnRunAsync(run, grain => grain.VersionsAsync(from, VersionsPerCall, cancellationToken), cancellationToken);
            versions.AddRange(page);
            if (page.IsEmpty)
            {
                return versions.ToImmutable();
            }
        }
    }

    /// <summary>
    /// The events of a run as they happen, from the oldest that the centre still holds, until the run is stopped, completed or held; a paused
    /// run is watched on. A centre that is away is asked again for as long as the options' patience lasts.
    /// </summary>
    /// <exception cref="FederationException">There is no such run, or the token is refused.</exception>
    public async IAsyncEnumerable<RunEvent> WatchAsync(
        string run, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (after, ended, lastAnswer, failures) = (0L, false, _time.GetTimestamp(), 0);
        while (true)
        {
            ImmutableArray<RunEvent> events;
            try
            {
                (events, ended) = await NextEventsAsync(run, after, ended, cancellationToken);
                (lastAnswer, failures) = (_time.GetTimestamp(), 0);
            }
            catch (CentreUnreachableException) when (_time.GetElapsedTime(lastAnswer) < _options.WatchPatience)
            {
                var pause = TimeSpan.FromSeconds(Math.Min(5, 0.5 * Math.Pow(2, failures++)));
                await Task.Delay(pause, _time, cancellationToken);
                continue;
            }

            foreach (var occurred in events)
            {
                after = Math.Max(after, occurred.Sequence);
                ended |= occurred.Kind == RunEventKind.StatusChanged && IsEnd(occurred.Status);
                yield return occurred;
            }

            if (ended && events.IsEmpty)
            {
                yield break;
            }
        }
    }

    /// <summary>Why a run is where it is, what each hospital does, and what closing its round now would do; null where there is no such run.</summary>
    public Task<RunExplanation?> WhyAsync(string run, CancellationToken cancellationToken = default) =>
        OnRunAsync(run, grain => grain.WhyAsync(cancellationToken), cancellationToken);

    /// <summary>Closes a run's round with what is in, which must be the minimum at least.</summary>
    /// <exception cref="FederationException">No round is under way, or too little is in.</exception>
    public Task CloseRoundAsync(string run, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.CloseRoundAsync(cancellationToken), cancellationToken));

    /// <summary>Gives up the attempt at a run's round that is under way; the next one follows.</summary>
    /// <exception cref="FederationException">No round is under way.</exception>
    public Task AbandonRoundAsync(string run, string reason, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.AbandonRoundAsync(reason, cancellationToken), cancellationToken));

    /// <summary>Pauses a run after giving up the attempt under way.</summary>
    public Task PauseAsync(string run, string reason, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.PauseAsync(reason, cancellationToken), cancellationToken));

    /// <summary>Goes on with a paused run.</summary>
    public Task ResumeAsync(string run, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.ResumeAsync(cancellationToken), cancellationToken));

    /// <summary>Ends a run; its committed models stay.</summary>
    public Task StopAsync(string run, string reason, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.StopAsync(reason, cancellationToken), cancellationToken));

    /// <summary>A committed model, the latest where <paramref name="version"/> is absent, with its bytes verified against its digest.</summary>
    /// <exception cref="FederationException">There is no such run or version, or the bytes that came have another digest.</exception>
    public async Task<DownloadedModel> DownloadModelAsync(string run, int? version = null, CancellationToken cancellationToken = default)
    {
        var description = await OnRunAsync(run, grain => grain.DescribeModelAsync(version, cancellationToken), cancellationToken)
            ?? throw new FederationException(version is null
                ? $"The run '{run}' is not known, or has no model yet."
                : $"The run '{run}' is not known, or has no version {version}.");
        if (description.ByteLength is < 0 or > LargestModel)
        {
            throw new FederationException($"The model has {description.ByteLength:N0} bytes, which is more than can be held in memory here.");
        }

        var payload = new byte[description.ByteLength];
        for (var offset = 0; offset < payload.Length;)
        {
            var (from, count) = (offset, Math.Min(ModelChunk, payload.Length - offset));
            var chunk = await OnRunAsync(
                run, grain => grain.ReadModelAsync(description.Version, from, count, cancellationToken), cancellationToken);
            if (chunk.Length == 0 || chunk.Length > count)
            {
                throw new FederationException("The centre gave a model of another length than it had declared: try again.");
            }

            chunk.CopyTo(payload, offset);
            offset += chunk.Length;
        }

        return ContentDigest.Of(payload) == description.Digest
            ? new(description with { Lineage = await LineageAsync(run, description.Version, cancellationToken) }, payload)
            : throw new FederationException("The model that came has another digest than the centre had declared: try again.");
    }

    /// <summary>What the statistics round of a run has committed: of all its hospitals together. Null where it has not, or the plan has no preprocessing.</summary>
    public async Task<DatasetStatistics?> StatisticsAsync(string run, CancellationToken cancellationToken = default)
    {
        if (await OnRunAsync(run, grain => grain.StatisticsAsync(cancellationToken), cancellationToken) is not { } view)
        {
            return null;
        }

        var (plan, faults) = TrainingPlanReader.Read(view.Plan);
        return plan is null
            ? throw new FederationException($"The run's plan can't be read by this version: {string.Join("; ", faults)}")
            : DatasetStatistics.Of(plan, ParameterVector.FromBytes(view.Sums));
    }

    /// <summary>Has hospitals evaluate a committed version that the plan has not evaluated: its results come with <see cref="VersionsAsync"/>.</summary>
    public Task EvaluateAsync(string run, int version, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.EvaluateAsync(version, cancellationToken), cancellationToken));

    /// <summary>Completes a run whose model is held, although it does harm by the plan's rule. For operators.</summary>
    public Task ReleaseAsync(string run, string reason, CancellationToken cancellationToken = default) =>
        CommandAsync(OnRunAsync(run, grain => grain.ReleaseAsync(reason, cancellationToken), cancellationToken));

    /// <summary>Hospitals in ordinal order.</summary>
    public Task<ImmutableArray<HospitalView>> HospitalsAsync(CancellationToken cancellationToken = default) =>
        OnFederationAsync(federation => federation.HospitalsAsync(cancellationToken), cancellationToken);

    /// <summary>Puts a hospital on the federation's list. For operators.</summary>
    public Task InviteHospitalAsync(string hospital, CancellationToken cancellationToken = default) =>
        CommandAsync(OnFederationAsync(federation => federation.InviteHospitalAsync(hospital, cancellationToken), cancellationToken));

    /// <summary>Admits the key of an invited hospital's certificate. For operators.</summary>
    public Task AdmitHospitalAsync(string hospital, HospitalKey key, CancellationToken cancellationToken = default) =>
        CommandAsync(OnFederationAsync(federation => federation.AdmitHospitalAsync(hospital, key, cancellationToken), cancellationToken));

    /// <summary>Revokes a hospital and drops its streams. For operators.</summary>
    public Task RevokeHospitalAsync(string hospital, CancellationToken cancellationToken = default) =>
        CommandAsync(OnFederationAsync(federation => federation.RevokeHospitalAsync(hospital, cancellationToken), cancellationToken));

    /// <summary>Revokes a token by its id; silos know within seconds. For operators.</summary>
    /// <param name="tokenId">Its <c>jti</c>.</param>
    /// <param name="expiresAt">When it would have expired: the revocation is kept until then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RevokeTokenAsync(string tokenId, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        CommandAsync(OnFederationAsync(
            federation => federation.RevokeTokenAsync(new(tokenId, expiresAt), cancellationToken), cancellationToken));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<ImmutableArray<RoundManifest>> LineageAsync(string run, int version, CancellationToken cancellationToken)
    {
        var lineage = ImmutableArray.CreateBuilder<RoundManifest>(version);
        while (lineage.Count < version)
        {
            var from = lineage.Count + 1;
            var page = await OnRunAsync(run, grain => grain.LineageAsync(from, cancellationToken), cancellationToken);
            if (page.IsEmpty)
            {
                break;
            }

            lineage.AddRange(page.Take(version - lineage.Count));
        }

        return lineage.ToImmutable();
    }

    private static bool IsEnd(RunStatus status) => status is RunStatus.Stopped or RunStatus.Completed or RunStatus.Held;

    private static async Task CommandAsync(Task<CommandResult> command)
    {
        var result = await command;
        if (!result.Done)
        {
            throw new FederationException(result.Reason ?? "The centre refused without a reason.");
        }
    }

    /// <summary>The next events; where none came, whether the run has ended in the meantime: its last event may be lost.</summary>
    private async Task<(ImmutableArray<RunEvent> Events, bool Ended)> NextEventsAsync(
        string run, long after, bool ended, CancellationToken cancellationToken)
    {
        if (!ended && after == 0)
        {
            ended = IsEnd(await StatusAsync(run, cancellationToken));
        }

        var wait = ended ? TimeSpan.Zero : LongPoll;
        var events = await OnRunAsync(run, grain => grain.EventsAsync(after, wait, cancellationToken), cancellationToken);
        if (!events.IsEmpty || ended || !IsEnd(await StatusAsync(run, cancellationToken)))
        {
            return (events, ended);
        }

        // It ended between the two calls: what happened last is asked for once more.
        return (await OnRunAsync(run, grain => grain.EventsAsync(after, TimeSpan.Zero, cancellationToken), cancellationToken), true);
    }

    private async Task<RunStatus> StatusAsync(string run, CancellationToken cancellationToken) =>
        (await RunAsync(run, cancellationToken))?.Summary.Status ?? throw new FederationException($"There is no run '{run}'.");

    private Task<T> OnFederationAsync<T>(Func<IFederationGrain, Task<T>> call, CancellationToken cancellationToken) =>
        _connection.CallAsync(grains => call(grains.GetGrain<IFederationGrain>(GrainKeys.Federation)), cancellationToken);

    private Task<T> OnRunAsync<T>(string run, Func<IRunGrain, Task<T>> call, CancellationToken cancellationToken) =>
        Identifier.IsValid(run)
            ? _connection.CallAsync(grains => call(grains.GetGrain<IRunGrain>(GrainKeys.Run(run))), cancellationToken)
            : Task.FromException<T>(new FederationException($"'{run}' is no run's id: it must be {Identifier.Rule}."));
}

using System.Collections.Immutable;
using FederatedOrleans.Blobs;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Runs;

/// <summary>What a run tells of itself: where it stands, its versions, its events, its models.</summary>
internal sealed partial class RunGrain
{
    private const int MostVersions = 200;
    private const int MostManifests = 10_000;
    private const long PageBytes = 1 << 20;
    private const int LargestChunk = 1 << 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public async Task<RunView?> ViewAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;

        // Before anything is awaited: who waits for what comes after this view must not miss what happens while it is made.
        var lastEvent = _events.Last;
        if (state.Status == RunStatus.None)
        {
            return null;
        }

        var round = state.Status == RunStatus.Running
            ? await Coordinator(state.Round).ViewAsync(cancellationToken)
            : null;
        var latest = state.CommittedRounds == 0 ? [] : await VersionsAsync(state.CommittedRounds, 1, cancellationToken);
        return new RunView
        {
            Summary = Summary(state),
            CurrentRound = round,
            Latest = latest.IsEmpty ? null : latest[0],
            LastEvent = lastEvent,
        };
    }

    public async Task<ImmutableArray<ModelVersionView>> VersionsAsync(int from, int count, CancellationToken cancellationToken = default)
    {
        var page = await PageAsync(from, Math.Clamp(count, 0, MostVersions), cancellationToken);
        var versions = ImmutableArray.CreateBuilder<ModelVersionView>(page.Length);
        foreach (var manifest in page)
        {
            var isEvaluated = ModelKinds.IsEvaluated(_plan!.Model.Kind) && (IsEvaluated(manifest.Round) || State.Current.AlsoEvaluated.Contains(manifest.Round));
            var evaluations = isEvaluated ? await Evaluation(manifest.Round).ResultsAsync(cancellationToken) : [];
            versions.Add(new ModelVersionView
            {
                Manifest = manifest,
                Evaluations = evaluations,

                // Only the evaluation has the histograms.
                Pooled = isEvaluated && _plan.Evaluation.ScoreHistograms
                    ? await Evaluation(manifest.Round).PooledAsync(cancellationToken)
                    : PooledMetrics.Of([.. evaluations.Select(evaluation => evaluation.Metrics)]),
            });
        }

        return versions.MoveToImmutable();
    }

    public Task<ImmutableArray<RoundManifest>> LineageAsync(int from, CancellationToken cancellationToken = default) =>
        PageAsync(from, MostManifests, cancellationToken);

    public Task<ImmutableArray<RunEvent>> EventsAsync(long after, TimeSpan wait, CancellationToken cancellationToken = default) =>
        _events.AfterAsync(after, wait < LongestWait ? wait : LongestWait, cancellationToken);

    public async Task<ModelDescription?> DescribeModelAsync(int? version, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (version is null && _plan?.Evaluation.NoHarm is not null && state.Status != RunStatus.Completed)
        {
            throw new FederationException(state.Status == RunStatus.Held
                ? $"The model of {Id} is held back: {state.Reason}. An operator may release it; a version that is named can be looked at."
                : $"Whether the model of {Id} does harm has not been judged, or an operator has not released it; a version that is named can be looked at.");
        }

        var wanted = version ?? Candidate(state);
        if (state.Status == RunStatus.None || wanted < 0 || wanted > state.CommittedRounds)
        {
            return null;
        }

        return new ModelDescription
        {
            Version = wanted,
            Digest = await ModelOfAsync(state, wanted, cancellationToken),
            ByteLength = ModelSchema.For(_plan!).ByteLength,
            Plan = _planBytes,
            Statistics = state.Statistics is { } statistics ? await blobs.ReadAllAsync(statistics.Model, cancellationToken) : null,
        };
    }

    public async Task<StatisticsView?> StatisticsAsync(CancellationToken cancellationToken = default) => State.Current.Statistics is not { } committed ? null : new()
    {
        Plan = _planBytes,
        Manifest = await _manifests.ReadAsync(committed.Manifest, cancellationToken),
        Sums = await blobs.ReadAllAsync(committed.Model, cancellationToken),
    };

    public async Task<byte[]> ReadModelAsync(int version, long offset, int count, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (version < 0 || version > state.CommittedRounds || offset < 0 || count is < 0 or > LargestChunk)
        {
            throw new FederationException($"There is no such part of version {version} of {Id}.");
        }

        await using var stream = await blobs.OpenAsync(await ModelOfAsync(state, version, cancellationToken), cancellationToken)
            ?? throw new FederationException($"The model of version {version} of {Id} is missing from the store.");
        stream.Position = Math.Min(offset, stream.Length);
        var bytes = new byte[(int)Math.Min(count, stream.Length - stream.Position)];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private async Task<Identity.ContentDigest> ModelOfAsync(RunState state, int version, CancellationToken cancellationToken) =>
        version == 0 ? state.InitialModel : (await _pages.ReadAsync(state, version, cancellationToken)).Model;

    private async Task<RoundManifest> ManifestAsync(RunState state, int round, CancellationToken cancellationToken)
    {
        var committed = round == TrainingPlan.StatisticsRound ? state.Statistics! : await _pages.ReadAsync(state, round, cancellationToken);
        return await _manifests.ReadAsync(committed.Manifest, cancellationToken);
    }

    /// <summary>What statistics are added to: nothing.</summary>
    private static ParameterVector EmptyStatistics(TrainingPlan plan) =>
        ParameterVector.Zeros(ModelSchema.For(plan.InRound(TrainingPlan.StatisticsRound)).Length);

    /// <summary>How much of a message a manifest, and what its hospitals measured, take at most, roughly.</summary>
    private static long SizeOf(RoundManifest manifest) =>
        512 + (256L * (manifest.Participants.Length + manifest.LeftOut.Length)) + manifest.LeftOut.Sum(left => 2L * left.Reason.Length);

    /// <summary>Manifests from a round on, as many as fit into a message of moderate size: one at least, if there is one.</summary>
    private async Task<ImmutableArray<RoundManifest>> PageAsync(int from, int count, CancellationToken cancellationToken)
    {
        var state = State.Current;
        var first = Math.Max(1, from);
        var last = (int)Math.Min(state.CommittedRounds, (long)first + count - 1);
        var page = ImmutableArray.CreateBuilder<RoundManifest>();
        var bytes = 0L;
        for (var round = first; round <= last && bytes < PageBytes; round++)
        {
            var manifest = await ManifestAsync(state, round, cancellationToken);
            page.Add(manifest);
            bytes += SizeOf(manifest);
        }

        return page.ToImmutable();
    }

    private RunSummary Summary(RunState state) => new()
    {
        Run = Id,
        PlanName = _plan!.Name,
        PlanDigest = state.PlanDigest,
        Status = state.Status,
        Reason = state.Reason,
        CommittedRounds = state.CommittedRounds,
        Rounds = _plan.Rounds,
        SubmittedBy = state.SubmittedBy,
        SubmittedAt = state.SubmittedAt,
        BestVersion = state.BestVersion,
    };
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Blobs;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Hosting;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Observing;
using FederatedOrleans.Plans;
using FederatedOrleans.Rounds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Timers;

namespace FederatedOrleans.Runs;

/// <summary>A run: a plan and its sequence of rounds. It alone decides which attempt of a round is committed, by one write.</summary>
/// <remarks>Rounds are begun and evaluations ordered by <see cref="DriveAsync"/>, which converges from the stored state and may be repeated.</remarks>
[GrainType("fo.run")]
internal sealed partial class RunGrain(
    [PersistentState("fo.run", StorageNames.Grains)] IPersistentState<RunState> storage,
    IBlobStore blobs,
    IOptions<CentreOptions> options,
    TimeProvider time,
    FederationMetrics metrics,
    ILogger<RunGrain> logger) : Grain, IRunGrain, IRunLifecycleGrain, IRemindable
{
    private const int ManifestsKept = 256;

    private readonly JsonBlobs<RoundManifest> _manifests = new(blobs, ManifestsKept);
    private readonly CommittedPages _pages = new(blobs);
    private readonly RunEvents _events = new(time);
    private readonly ClockWatch _clock = new(time);
    private readonly HashSet<int> _evaluationsBegun = [];
    private PreparedCommit? _prepared;
    private TrainingPlan? _plan;
    private byte[] _planBytes = [];
    private (int Round, int Attempt) _begun;
    private (int Round, int Attempt)? _toEnd;
    private DateTimeOffset? _lookAt;
    private bool _isAlsoWoken;

    private RunReminder Reminder => field ??= new(this.GetGrainId(), ServiceProvider.GetService<IReminderRegistry>());

    private StoredState<RunState> State => field ??= new(storage, DeactivateOnIdle);

    private RunPacing Pacing => field ??= new(GrainFactory, time);

    private string Id => GrainKeys.IdOf(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (State.Exists && State.Current.Status != RunStatus.None)
        {
            await LoadPlanAsync(cancellationToken);
        }

        if (State.Current is { Status: RunStatus.Paused or RunStatus.Stopped, Attempt: > 1 } ended)
        {
            // The activation that ended the attempt may have died before its coordinator knew; telling it twice changes nothing.
            _toEnd = (ended.Round, ended.Attempt - 1);
        }

        if (State.Current.NotBefore > time.GetUtcNow() + options.Value.AttemptDelay)
        {
            // It waits for its hospitals' hours. Their nodes come back first: what they publish is not stored.
            _lookAt = time.GetUtcNow() + RunPacing.LookInterval;
        }

        this.RegisterGrainTimer(DriveAsync, TimeSpan.Zero, options.Value.Tick);
    }

    public async Task StartAsync(StartRun start, CancellationToken cancellationToken = default)
    {
        if (State.Current.Status != RunStatus.None)
        {
            return;
        }

        await LoadPlanAsync(start.PlanDigest, cancellationToken);
        var initial = start.InitialModel.IsNone
            ? await StoreInitialAsync(new(_plan!), cancellationToken)
            : start.InitialModel;
        await MoveAsync(
            new RunState
            {
                Status = RunStatus.Running,
                PlanDigest = start.PlanDigest,
                SubmittedBy = start.SubmittedBy,
                SubmittedAt = time.GetUtcNow(),
                InitialModel = initial,
                AwaitsStatistics = _plan!.Preprocessing is not null,
                Incumbent = start.Incumbent,
            },
            "the run begins",
            cancellationToken);
    }

    public Task WakeAsync(CancellationToken cancellationToken = default)
    {
        DriveSoon();
        return Task.CompletedTask;
    }

    /// <summary>The activation that this makes, where there was none, is all that is asked of it.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        DriveSoon();
        return Task.CompletedTask;
    }

    public Task GoOnAsync() => DriveAsync(CancellationToken.None);

    public async Task PrepareCommitAsync(CommitRound commit)
    {
        if (IsWanted(commit))
        {
            _prepared = await PrepareAsync(commit, CancellationToken.None);
        }
    }

    public async Task<RoundDecision> CommitAsync(CommitRound commit, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (!IsWanted(commit))
        {
            return await DecisionAsync(commit.Round, commit.Attempt, cancellationToken);
        }

        var prepared = _prepared is { } ready && ready.IsFor(commit, time.GetUtcNow()) ? ready : await PrepareAsync(commit, cancellationToken);
        _prepared = null;
        var committed = new CommittedRound
        {
            Attempt = commit.Attempt, Model = commit.NewModel, Manifest = prepared.Digest, State = prepared.Manifest.StateAfter,
        };
        var isOfStatistics = commit.Round == TrainingPlan.StatisticsRound;
        var next = isOfStatistics
            ? state with { AwaitsStatistics = false, Statistics = committed }
            : await _pages.AppendAsync(state, committed, cancellationToken);
        var isLast = commit.Round == _plan!.Rounds;
        var step = $"{Id}/{commit.Round}/{commit.Attempt}";
        Steps.Reach(StepNames.CommitBeforeWrite, step);
        await State.WriteAsync(
            next with
            {
                Attempt = 1,
                Abandoned = 0,
                NotBefore = default,
                Status = isLast ? RunStatus.Evaluating : RunStatus.Running,
            },
            cancellationToken);
        Steps.Reach(StepNames.CommitAfterWrite, step);

        metrics.RoundCommitted(prepared.Manifest.CommittedAt - commit.BeganAt);
        LogCommitted(logger, Id, commit.Round, commit.Participants.Length, commit.NewModel.Short);
        _events.Add(new RunEvent
        {
            Kind = RunEventKind.RoundCommitted,
            Round = commit.Round,
            Attempt = commit.Attempt,
            Text = isOfStatistics
                ? $"the statistics of {commit.Participants.Length} hospitals are committed"
                : $"round {commit.Round} is committed with {commit.Participants.Length} hospitals",
            Status = State.Current.Status,
        });
        DriveSoon();
        return RoundDecision.Committed;
    }

    public async Task<RoundDecision> AbandonAsync(int round, int attempt, string reason, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (round != state.Round || attempt != state.Attempt || state.Status != RunStatus.Running)
        {
            return await DecisionAsync(round, attempt, cancellationToken);
        }

        metrics.AttemptAbandoned();
        var abandoned = state.Abandoned + 1;
        var next = state with
        {
            Attempt = attempt + 1,
            Abandoned = abandoned,
            NotBefore = time.GetUtcNow() + options.Value.AttemptDelay,
            WaitReason = $"attempt {attempt} was given up because {reason}",
        };
        var step = $"{Id}/{round}/{attempt}";
        Steps.Reach(StepNames.AbandonBeforeWrite, step);
        if (abandoned >= _plan!.Round.Attempts)
        {
            var why = $"{RoundWording.NameOf(round)} was given up {abandoned} times, the last time because {reason}";
            await MoveAsync(next with { Status = RunStatus.Paused, Reason = why }, why, cancellationToken);
            Steps.Reach(StepNames.AbandonAfterWrite, step);
        }
        else
        {
            await State.WriteAsync(next, cancellationToken);
            Steps.Reach(StepNames.AbandonAfterWrite, step);
            LogAbandoned(logger, Id, round, attempt, reason);
            DriveSoon();
        }

        return RoundDecision.NotCommitted;
    }

    public async Task<UpdateOutcome> OutcomeAsync(
        int round, int attempt, string hospital, CancellationToken cancellationToken = default)
    {
        var decision = await DecisionAsync(round, attempt, cancellationToken);
        if (decision != RoundDecision.Committed)
        {
            return new(decision, default);
        }

        var manifest = await ManifestAsync(State.Current, round, cancellationToken);
        var included = manifest.Participants.FirstOrDefault(update => update.Hospital == hospital);
        return new(decision, included?.Digest ?? default);
    }

    public Task NoteAsync(ImmutableArray<RunEvent> occurred)
    {
        foreach (var noted in occurred)
        {
            _events.Add(noted);
        }

        return Task.CompletedTask;
    }

    public Task EvaluatedAsync(int version, string hospital, EvaluationMetrics metrics, CancellationToken cancellationToken = default)
    {
        _events.Add(new RunEvent
        {
            Kind = RunEventKind.HospitalEvaluated,
            Round = version,
            Hospital = hospital,
            Metrics = metrics with { Scores = null },
            Text = $"{hospital} evaluated version {version}",
        });
        return Task.CompletedTask;
    }

    public async Task<RunExplanation?> WhyAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        var why = state.Status switch
        {
            RunStatus.None => null,
            RunStatus.Paused => $"it is paused, and goes on when it is resumed: {state.Reason}",
            RunStatus.Stopped => $"it was stopped: {state.Reason}",
            RunStatus.Held => $"its model is held back, until an operator releases it or stops the run: {state.Reason}",
            RunStatus.Completed => state.Reason ?? "all its rounds are committed and its last model is evaluated",
            RunStatus.Evaluating => $"all its rounds are committed; hospitals evaluate version {state.CommittedRounds}",
            _ when time.GetUtcNow() < state.NotBefore =>
                $"attempt {state.Attempt} at {RoundWording.NameOf(state.Round)} begins at {state.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}: {state.WaitReason}",
            _ when AwaitsEvaluation(state) => $"hospitals evaluate version {state.CommittedRounds}, which decides whether round {state.Round} begins",
            _ => $"{RoundWording.NameOf(state.Round)} is about to begin",
        };
        var explained = state.Status == RunStatus.Running && _begun == (state.Round, state.Attempt)
            ? await Coordinator(state.Round).ExplainAsync(cancellationToken)
            : null;
        return explained ?? (why is null ? null : new RunExplanation { Why = why });
    }

    private Task<ContentDigest> StoreInitialAsync(InitialValues values, CancellationToken cancellationToken) =>
        blobs.PutAsync(
            (long)values.Length * sizeof(float),
            async (_, piece, stop) => await Computing.RunAsync(
                piece.Length / sizeof(float),
                () =>
                {
                    var part = MemoryMarshal.Cast<byte, float>(piece.Span);
                    values.Next(part);
                    ParameterVector.ToMachineOrder(part);
                },
                stop),
            cancellationToken);

    private async Task<RoundDecision> DecisionAsync(int round, int attempt, CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (round == TrainingPlan.StatisticsRound && state.Statistics is { } statistics)
        {
            return statistics.Attempt == attempt ? RoundDecision.Committed : RoundDecision.NotCommitted;
        }

        return round <= state.CommittedRounds && round != state.Round
                ? round > 0 && (await _pages.ReadAsync(state, round, cancellationToken)).Attempt == attempt
                    ? RoundDecision.Committed : RoundDecision.NotCommitted
            : round == state.Round && attempt < state.Attempt ? RoundDecision.NotCommitted
            : RoundDecision.Pending;
    }

    private bool IsWanted(CommitRound commit) =>
        State.Current is { Status: RunStatus.Running } state && (commit.Round, commit.Attempt) == (state.Round, state.Attempt);

    private async Task<PreparedCommit> PrepareAsync(CommitRound commit, CancellationToken cancellationToken)
    {
        // The next round's grain is made ready meanwhile; it is asked nothing, and nobody waits for it.
        Coordinator(commit.Round + 1).ViewAsync(CancellationToken.None).Ignore();
        var state = State.Current;
        var manifest = new RoundManifest
        {
            Run = Id,
            Round = commit.Round,
            Attempt = commit.Attempt,
            Epoch = commit.Epoch,
            PlanDigest = state.PlanDigest,
            ModelBefore = commit.Round == TrainingPlan.StatisticsRound ? EmptyStatistics(_plan!).Digest : state.Model,
            ModelAfter = commit.NewModel,
            StateAfter = state.WithStatistics(commit.NewState),
            Participants = commit.Participants,
            LeftOut = commit.LeftOut,
            BeganAt = commit.BeganAt,
            CommittedAt = time.GetUtcNow(),
        };
        return new(commit, manifest, await _manifests.PutAsync(manifest, cancellationToken));
    }

    private bool IsEvaluated(int version) => version % _plan!.Evaluation.EveryRounds == 0 || version == _plan.Rounds;

    private async Task MoveAsync(RunState next, string text, CancellationToken cancellationToken)
    {
        await State.WriteAsync(next, cancellationToken);
        LogStatus(logger, Id, next.Status, text);
        _events.Add(new RunEvent
        {
            Kind = RunEventKind.StatusChanged,
            Round = Math.Min(next.Round, _plan!.Rounds),
            Text = text,
            Status = next.Status,
        });
        DriveSoon();
    }

    /// <summary>By a message of its own, which takes its turn when what is under way has been answered.</summary>
    private void DriveSoon() => GrainFactory.Grain<IRunLifecycleGrain>(this.GetPrimaryKeyString()).GoOnAsync().Ignore();

    private Task LoadPlanAsync(CancellationToken cancellationToken) => LoadPlanAsync(State.Current.PlanDigest, cancellationToken);

    private async Task LoadPlanAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        _planBytes = await blobs.ReadAllAsync(digest, cancellationToken);
        var (plan, faults) = TrainingPlanReader.Read(_planBytes);
        _plan = plan ?? throw new FederationException($"The stored plan of {Id} can't be read: {faults[0]}");
    }

    private IRoundCoordinatorGrain Coordinator(int round) => GrainFactory.Grain<IRoundCoordinatorGrain>(GrainKeys.Round(Id, round));

    private IEvaluationGrain Evaluation(int version) => GrainFactory.Grain<IEvaluationGrain>(GrainKeys.Evaluation(Id, version));
}

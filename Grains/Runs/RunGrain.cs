using System.Collections.Immutable;
using FederatedOrleans.Availability;
using FederatedOrleans.Blobs;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Federation;
using FederatedOrleans.Hosting;
using FederatedOrleans.Models;
using FederatedOrleans.Observing;
using FederatedOrleans.Plans;
using FederatedOrleans.Rounds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
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
    private const int MostVersions = 200;
    private const int MostManifests = 10_000;
    private const long PageBytes = 1 << 20;
    private const int LargestChunk = 1 << 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ManifestStore _manifests = new(blobs);
    private readonly RunEvents _events = new(time);
    private readonly ClockWatch _clock = new(time);
    private readonly HashSet<int> _evaluationsBegun = [];
    private TrainingPlan? _plan;
    private byte[] _planBytes = [];
    private IGrainTimer? _drive;
    private (int Round, int Attempt) _begun;
    private (int Round, int Attempt)? _toEnd;
    private DateTimeOffset? _lookAt;

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

        _drive = this.RegisterGrainTimer(DriveAsync, TimeSpan.Zero, options.Value.Tick);
    }

    public async Task StartAsync(StartRun start, CancellationToken cancellationToken = default)
    {
        if (State.Current.Status != RunStatus.None)
        {
            return;
        }

        await LoadPlanAsync(start.PlanDigest, cancellationToken);
        var initial = await blobs.PutAsync(InitialParameters.For(_plan!).AsBytes(), cancellationToken);
        await MoveAsync(
            new RunState
            {
                Status = RunStatus.Running,
                PlanDigest = start.PlanDigest,
                SubmittedBy = start.SubmittedBy,
                SubmittedAt = time.GetUtcNow(),
                InitialModel = initial,
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

    public async Task<RoundDecision> CommitAsync(CommitRound commit, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (commit.Round != state.Round || commit.Attempt != state.Attempt || state.Status != RunStatus.Running)
        {
            return Decision(commit.Round, commit.Attempt);
        }

        var now = time.GetUtcNow();
        var manifest = new RoundManifest
        {
            Run = Id,
            Round = commit.Round,
            Attempt = commit.Attempt,
            Epoch = commit.Epoch,
            PlanDigest = state.PlanDigest,
            ModelBefore = state.Model,
            ModelAfter = commit.NewModel,
            Participants = commit.Participants,
            LeftOut = commit.LeftOut,
            BeganAt = commit.BeganAt,
            CommittedAt = now,
        };
        var manifestDigest = await _manifests.PutAsync(manifest, cancellationToken);
        var committed = new CommittedRound { Attempt = commit.Attempt, Model = commit.NewModel, Manifest = manifestDigest };
        var isLast = commit.Round == _plan!.Rounds;
        var step = $"{Id}/{commit.Round}/{commit.Attempt}";
        Steps.Reach(StepNames.CommitBeforeWrite, step);
        await State.WriteAsync(
            state with
            {
                Committed = state.Committed.Add(committed),
                Attempt = 1,
                Abandoned = 0,
                NotBefore = default,
                Status = isLast ? RunStatus.Evaluating : RunStatus.Running,
            },
            cancellationToken);
        Steps.Reach(StepNames.CommitAfterWrite, step);

        metrics.RoundCommitted(now - commit.BeganAt);
        LogCommitted(logger, Id, commit.Round, commit.Participants.Length, commit.NewModel.Short);
        _events.Add(new RunEvent
        {
            Kind = RunEventKind.RoundCommitted,
            Round = commit.Round,
            Attempt = commit.Attempt,
            Text = $"round {commit.Round} is committed with {commit.Participants.Length} hospitals",
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
            return Decision(round, attempt);
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
            var why = $"round {round} was given up {abandoned} times, the last time because {reason}";
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
        var decision = Decision(round, attempt);
        if (decision != RoundDecision.Committed)
        {
            return new(decision, default);
        }

        var manifest = await _manifests.ReadAsync(State.Current.Committed[round - 1].Manifest, cancellationToken);
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
            Metrics = metrics,
            Text = $"{hospital} evaluated version {version}",
        });
        return Task.CompletedTask;
    }

    public async Task EvaluationEndedAsync(int version, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (state.Status == RunStatus.Evaluating && version == state.Committed.Length)
        {
            await MoveAsync(state with { Status = RunStatus.Completed }, "all rounds are committed and evaluated", cancellationToken);
        }
    }

    public async Task<RunExplanation?> WhyAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        var why = state.Status switch
        {
            RunStatus.None => null,
            RunStatus.Paused => $"it is paused, and goes on when it is resumed: {state.Reason}",
            RunStatus.Stopped => $"it was stopped: {state.Reason}",
            RunStatus.Completed => "all its rounds are committed and its last model is evaluated",
            RunStatus.Evaluating => $"all its rounds are committed; hospitals evaluate version {state.Committed.Length}",
            _ when time.GetUtcNow() < state.NotBefore =>
                $"attempt {state.Attempt} at round {state.Round} begins at {state.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}: {state.WaitReason}",
            _ => $"round {state.Round} is about to begin",
        };
        var explained = state.Status == RunStatus.Running && _begun == (state.Round, state.Attempt)
            ? await Coordinator(state.Round).ExplainAsync(cancellationToken)
            : null;
        return explained ?? (why is null ? null : new RunExplanation { Why = why });
    }

    public Task<CommandResult> CloseRoundAsync(CancellationToken cancellationToken = default) => SteerRoundAsync(
        (coordinator, attempt) => coordinator.CloseAsync(attempt, cancellationToken),
        verdict => verdict == RoundVerdict.Forbidden
            ? "Fewer than the minimum are in: a model is never made of so few. `fed run why` tells who is missing."
            : "The round is closing already, or over.",
        cancellationToken);

    public Task<CommandResult> AbandonRoundAsync(string reason, CancellationToken cancellationToken = default) => SteerRoundAsync(
        (coordinator, attempt) => coordinator.CancelAsync(attempt, reason, cancellationToken),
        _ => "The attempt is over, or being given up already.",
        cancellationToken);

    public async Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        switch (state.Status)
        {
            case RunStatus.Paused:
                return CommandResult.Ok;
            case RunStatus.Running:
                await MoveAsync(
                    state with { Status = RunStatus.Paused, Reason = reason, Attempt = state.Attempt + 1 }, reason, cancellationToken);

                // Once stored, not before: the coordinator is told decisions only.
                _toEnd = (state.Round, state.Attempt);
                return CommandResult.Ok;
            default:
                return Refused();
        }
    }

    public async Task<CommandResult> ResumeAsync(CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        switch (state.Status)
        {
            case RunStatus.Running:
                return CommandResult.Ok;
            case RunStatus.Paused:
                await MoveAsync(
                    state with { Status = RunStatus.Running, Reason = null, Abandoned = 0, NotBefore = default },
                    "the run goes on",
                    cancellationToken);
                return CommandResult.Ok;
            default:
                return Refused();
        }
    }

    public async Task<CommandResult> StopAsync(string reason, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        switch (state.Status)
        {
            case RunStatus.Stopped:
                return CommandResult.Ok;
            case RunStatus.Running or RunStatus.Paused:
                await MoveAsync(
                    state with { Status = RunStatus.Stopped, Reason = reason, Attempt = state.Attempt + 1 }, reason, cancellationToken);

                // While paused no attempt is under way; the one that the pause ended may still have to be told.
                _toEnd = state.Status == RunStatus.Running ? (state.Round, state.Attempt) : _toEnd;
                return CommandResult.Ok;
            default:
                return Refused();
        }
    }

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
        var latest = state.Committed.Length == 0 ? [] : await VersionsAsync(state.Committed.Length, 1, cancellationToken);
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
            versions.Add(new ModelVersionView
            {
                Manifest = manifest,
                Evaluations = ModelKinds.IsEvaluated(_plan!.Model.Kind) && IsEvaluated(manifest.Round)
                    ? await Evaluation(manifest.Round).ResultsAsync(cancellationToken)
                    : [],
            });
        }

        return versions.MoveToImmutable();
    }

    public Task<ImmutableArray<RoundManifest>> LineageAsync(int from, CancellationToken cancellationToken = default) =>
        PageAsync(from, MostManifests, cancellationToken);

    public Task<ImmutableArray<RunEvent>> EventsAsync(long after, TimeSpan wait, CancellationToken cancellationToken = default) =>
        _events.AfterAsync(after, wait < LongestWait ? wait : LongestWait, cancellationToken);

    public Task<ModelDescription?> DescribeModelAsync(int? version, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        var wanted = version ?? state.Committed.Length;
        if (state.Status == RunStatus.None || wanted < 0 || wanted > state.Committed.Length)
        {
            return Task.FromResult<ModelDescription?>(null);
        }

        return Task.FromResult<ModelDescription?>(new ModelDescription
        {
            Version = wanted,
            Digest = ModelOf(state, wanted),
            ByteLength = ModelSchema.For(_plan!).ByteLength,
            Plan = _planBytes,
        });
    }

    public async Task<byte[]> ReadModelAsync(int version, long offset, int count, CancellationToken cancellationToken = default)
    {
        var state = State.Current;
        if (version < 0 || version > state.Committed.Length || offset < 0 || count is < 0 or > LargestChunk)
        {
            throw new FederationException($"There is no such part of version {version} of {Id}.");
        }

        await using var stream = await blobs.OpenAsync(ModelOf(state, version), cancellationToken)
            ?? throw new FederationException($"The model of version {version} of {Id} is missing from the store.");
        stream.Position = Math.Min(offset, stream.Length);
        var bytes = new byte[(int)Math.Min(count, stream.Length - stream.Position)];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static Identity.ContentDigest ModelOf(RunState state, int version) =>
        version == 0 ? state.InitialModel : state.Committed[version - 1].Model;

    /// <summary>How much of a message a manifest, and what its hospitals measured, take at most, roughly.</summary>
    private static long SizeOf(RoundManifest manifest) =>
        512 + (256L * (manifest.Participants.Length + manifest.LeftOut.Length)) + manifest.LeftOut.Sum(left => 2L * left.Reason.Length);

    /// <summary>Manifests from a round on, as many as fit into a message of moderate size: one at least, if there is one.</summary>
    private async Task<ImmutableArray<RoundManifest>> PageAsync(int from, int count, CancellationToken cancellationToken)
    {
        var committed = State.Current.Committed;
        var first = Math.Max(1, from);
        var last = (int)Math.Min(committed.Length, (long)first + count - 1);
        var page = ImmutableArray.CreateBuilder<RoundManifest>();
        var bytes = 0L;
        for (var round = first; round <= last && bytes < PageBytes; round++)
        {
            var manifest = await _manifests.ReadAsync(committed[round - 1].Manifest, cancellationToken);
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
        CommittedRounds = state.Committed.Length,
        Rounds = _plan.Rounds,
        SubmittedBy = state.SubmittedBy,
        SubmittedAt = state.SubmittedAt,
    };

    private async Task<CommandResult> SteerRoundAsync(
        Func<IRoundCoordinatorGrain, int, Task<RoundVerdict>> steer, Func<RoundVerdict, string> whyNot, CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Status != RunStatus.Running || _begun != (state.Round, state.Attempt))
        {
            var why = await WhyAsync(cancellationToken);
            return CommandResult.Refused(why is null ? $"There is no run {Id}." : $"No round of {Id} is under way: {why.Why}.");
        }

        var verdict = await steer(Coordinator(state.Round), state.Attempt);
        return verdict == RoundVerdict.Applied ? CommandResult.Ok : CommandResult.Refused(whyNot(verdict));
    }

    private CommandResult Refused() => CommandResult.Refused(State.Current.Status switch
    {
        RunStatus.None => $"There is no run {Id}.",
        RunStatus.Stopped => $"{Id} is stopped; a stopped run can't go on. Submit the plan again.",
        _ => $"{Id} has committed all its rounds.",
    });

    private RoundDecision Decision(int round, int attempt)
    {
        var state = State.Current;
        return round <= state.Committed.Length
                ? round > 0 && state.Committed[round - 1].Attempt == attempt ? RoundDecision.Committed : RoundDecision.NotCommitted
            : round == state.Round && attempt < state.Attempt ? RoundDecision.NotCommitted
            : RoundDecision.Pending;
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

    private void DriveSoon() => _drive?.Change(TimeSpan.Zero, options.Value.Tick);

    /// <summary>Does what the stored state asks for: ends a given-up attempt, orders evaluations, begins the attempt that is due.</summary>
    private async Task DriveAsync(CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Status is RunStatus.Running or RunStatus.Evaluating)
        {
            DelayDeactivation(TimeSpan.FromMinutes(5));
        }

        if (_clock.Look() != TimeSpan.Zero)
        {
            // What the next attempt waits for is looked at again by the clock as it is: it may have been set back by days.
            _lookAt = time.GetUtcNow();
        }

        try
        {
            if (_toEnd is var (round, attempt))
            {
                await Coordinator(round).DecidedAsync(attempt, RoundDecision.NotCommitted, cancellationToken);
                _toEnd = null;
            }

            if (state.Status == RunStatus.Evaluating && !ModelKinds.IsEvaluated(_plan!.Model.Kind))
            {
                await MoveAsync(state with { Status = RunStatus.Completed }, "all rounds of the rehearsal are committed", cancellationToken);
                return;
            }

            await OrderEvaluationAsync(state, cancellationToken);
            if (state.Status == RunStatus.Running && _begun != (state.Round, state.Attempt) && IsDue(state))
            {
                await BeginRoundAsync(state, cancellationToken);
            }

            await KeepAwakeAsync(cancellationToken);
            await Reminder.KeepAsync(State.Current.Status is RunStatus.Running or RunStatus.Evaluating, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The next tick converges from the same stored state.
            LogDriveFailed(logger, exception, Id);
        }
    }

    /// <summary>Calls what is under way: a grain whose activation was lost has no timer, and goes on only when somebody calls it.</summary>
    private async Task KeepAwakeAsync(CancellationToken cancellationToken)
    {
        var state = State.Current;
        if (state.Status == RunStatus.Running && _begun == (state.Round, state.Attempt))
        {
            await Coordinator(state.Round).ViewAsync(cancellationToken);
        }

        if (state.Status != RunStatus.Completed && _evaluationsBegun.Contains(state.Committed.Length))
        {
            await Evaluation(state.Committed.Length).ResultsAsync(cancellationToken);
        }
    }

    private async Task OrderEvaluationAsync(RunState state, CancellationToken cancellationToken)
    {
        var version = state.Committed.Length;
        if (version == 0 || !ModelKinds.IsEvaluated(_plan!.Model.Kind) || !IsEvaluated(version) || state.Status == RunStatus.Completed || !_evaluationsBegun.Add(version))
        {
            return;
        }

        try
        {
            await Evaluation(version).BeginAsync(
                new BeginEvaluation
                {
                    PlanDigest = state.PlanDigest,
                    Model = state.Model,
                    Hospitals = await EligibleAsync(cancellationToken),
                    Deadline = _plan!.Evaluation.Deadline,
                    LeaseTime = _plan.Round.LeaseTime,
                },
                cancellationToken);
        }
        catch
        {
            _evaluationsBegun.Remove(version);
            throw;
        }
    }

    private async Task BeginRoundAsync(RunState state, CancellationToken cancellationToken)
    {
        var eligible = await EligibleAsync(cancellationToken);
        var (resolved, faults) = _plan!.Round.WithinReach(eligible.Length).Resolve(eligible.Length);
        if (resolved is null)
        {
            var why = $"round {state.Round} can't begin: {string.Join("; ", faults.Select(fault => fault.Message))}";
            await MoveAsync(state with { Status = RunStatus.Paused, Reason = why, Attempt = state.Attempt + 1 }, why, cancellationToken);
            return;
        }

        var timing = await Pacing.LookAsync(eligible, resolved, await LastRoundAsync(state, cancellationToken), cancellationToken);
        if (!timing.MayBegin && !await IsUnderWayAsync(state, cancellationToken))
        {
            await WaitAsync(state, timing, resolved.MinimumReports, cancellationToken);
            return;
        }

        _lookAt = null;
        await Coordinator(state.Round).BeginAsync(
            new BeginRound
            {
                Attempt = state.Attempt,
                Options = RunPacing.WithinReach(resolved, timing.Open.Length) with { GroupSize = _plan.Aggregator.GroupSize },
                PlanDigest = state.PlanDigest,
                BaseModel = state.Model,
                Hospitals = CohortSelection.Select(_plan.Seed, state.Round, state.Attempt, timing.Open, resolved.Invitations),
            },
            cancellationToken);
        _begun = (state.Round, state.Attempt);
    }

    private bool IsDue(RunState state) => time.GetUtcNow() is var now && (now >= state.NotBefore || now >= _lookAt);

    /// <summary>Whether the attempt began before this activation: then it goes on, whoever is open now.</summary>
    private async Task<bool> IsUnderWayAsync(RunState state, CancellationToken cancellationToken) =>
        await Coordinator(state.Round).ViewAsync(cancellationToken) is { } view && view.Attempt == state.Attempt;

    private async Task<TimeSpan> LastRoundAsync(RunState state, CancellationToken cancellationToken)
    {
        if (state.Committed.IsEmpty)
        {
            return TimeSpan.Zero;
        }

        var last = await _manifests.ReadAsync(state.Committed[^1].Manifest, cancellationToken);
        return last.CommittedAt - last.BeganAt;
    }

    /// <summary>Puts the attempt off to when enough hospitals are open together; it costs none. Where there is no such time, pauses.</summary>
    private async Task WaitAsync(RunState state, SelectionTiming timing, int minimum, CancellationToken cancellationToken)
    {
        if (timing.Next is not { } next)
        {
            _lookAt = null;
            var never = RunPacing.NeverReason(timing, state.Round, minimum);
            await MoveAsync(state with { Status = RunStatus.Paused, Reason = never, NotBefore = default }, never, cancellationToken);
            return;
        }

        _lookAt = time.GetUtcNow() + RunPacing.LookInterval;
        var why = RunPacing.WaitReason(timing, minimum);
        if (state.NotBefore != next || state.WaitReason != why)
        {
            await MoveAsync(state with { NotBefore = next, WaitReason = why }, $"round {state.Round} waits: {why}", cancellationToken);
        }
    }

    private async Task<ImmutableArray<string>> EligibleAsync(CancellationToken cancellationToken)
    {
        var enrolled = await GrainFactory.GetGrain<IFederationGrain>(GrainKeys.Federation).EnrolledAsync(cancellationToken);
        return _plan!.Hospitals.IsEmpty ? enrolled : [.. enrolled.Where(hospital => _plan.Hospitals.Contains(hospital))];
    }

    private Task LoadPlanAsync(CancellationToken cancellationToken) => LoadPlanAsync(State.Current.PlanDigest, cancellationToken);

    private async Task LoadPlanAsync(Identity.ContentDigest digest, CancellationToken cancellationToken)
    {
        _planBytes = await blobs.ReadAllAsync(digest, cancellationToken);
        var (plan, faults) = TrainingPlanReader.Read(_planBytes);
        _plan = plan ?? throw new FederationException($"The stored plan of {Id} can't be read: {faults[0]}");
    }

    private IRoundCoordinatorGrain Coordinator(int round) => GrainFactory.GetGrain<IRoundCoordinatorGrain>(GrainKeys.Round(Id, round));

    private IEvaluationGrain Evaluation(int version) => GrainFactory.GetGrain<IEvaluationGrain>(GrainKeys.Evaluation(Id, version));
}

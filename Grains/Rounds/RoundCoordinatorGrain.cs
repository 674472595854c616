using System.Collections.Immutable;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Observing;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FederatedOrleans.Rounds;

/// <summary>The lockstep of one round: the shell around <see cref="RoundMachine"/>.</summary>
/// <remarks>
/// Every message is applied in memory, joins the one write loop, and is answered after the write that holds it. Effects are those of the
/// written state, so that a new activation does them again; each of them may be done twice. That the round is committed the run has written:
/// a new activation asks it again.
/// </remarks>
[GrainType("fo.round")]
internal sealed partial class RoundCoordinatorGrain(
    [PersistentState("fo.coordinator", StorageNames.Grains)] IPersistentState<RoundCoordinatorState> storage,
    IOptions<CentreOptions> options,
    TimeProvider time,
    FederationMetrics metrics,
    ILogger<RoundCoordinatorGrain> logger) : Grain, IRoundCoordinatorGrain
{
    private static readonly TimeSpan OpeningTime = TimeSpan.FromSeconds(1);

    // What hospitals say of themselves is kept in memory only: they say it again.
    private readonly Dictionary<string, HospitalPace> _paces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _lastSeen = new(StringComparer.Ordinal);
    private readonly ClockWatch _clock = new(time);
    private RoundState _applied = RoundState.NotBegun;
    private RoundState _written = RoundState.NotBegun;
    private long _appliedVersion;
    private long _writtenVersion;
    private Task _writing = Task.CompletedTask;
    private TaskCompletionSource _moved = NewSignal();
    private Task _performing = Task.CompletedTask;
    private Task _opening = Task.CompletedTask;
    private long _openingEpoch;
    private bool _effectsDue;
    private bool _outcomeTold;
    private ((int Attempt, RoundPhase Phase, long Epoch) Step, long At) _offered;
    private IGrainTimer? _tick;

    private string Run => GrainKeys.IdOf(this.GetPrimaryKeyString()).Split('/')[0];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _written = _applied = storage.State.Round;
        if (_written.Phase != RoundPhase.None)
        {
            // Before anything looks at a deadline: the time in which nobody could report does not count.
            await ApplyAsync(new RoundEvent.Woken());
            EnsureEffects();
            EnsureTicks();
        }
    }

    public Task BeginAsync(BeginRound begin, CancellationToken cancellationToken = default)
    {
        var round = int.Parse(GrainKeys.IdOf(this.GetPrimaryKeyString()).Split('/')[1]);
        return ApplyAsync(
            new RoundEvent.Begin(Run, round, begin.Attempt, begin.Options, begin.PlanDigest, begin.BaseModel, begin.Hospitals, begin.BaseState));
    }

    public Task DecidedAsync(int attempt, RoundDecision decision, CancellationToken cancellationToken = default) =>
        decision == RoundDecision.Pending
            ? Task.CompletedTask
            : ApplyAsync(new RoundEvent.Decided(attempt, decision == RoundDecision.Committed));

    public Task<RoundVerdict> AnswerAsync(
        string hospital, int attempt, string? declineReason, CancellationToken cancellationToken = default) =>
        ApplyAsync(declineReason is null
            ? new RoundEvent.Accepted(hospital, attempt)
            : new RoundEvent.Declined(hospital, attempt, declineReason));

    public Task<RoundVerdict> ActivityAsync(
        string hospital, int attempt, HospitalActivity activity, CancellationToken cancellationToken = default)
    {
        LookAtClock();
        if (attempt == _applied.Attempt && _applied.Find(hospital) is not null)
        {
            _paces[hospital] = HospitalPace.After(_paces.GetValueOrDefault(hospital), activity, time.GetUtcNow());
            if (activity.Kind == ActivityKind.Paused && _applied.Phase == RoundPhase.Training)
            {
                // It says what it does; only what moves earns more time.
                return Task.FromResult(RoundVerdict.NothingDue);
            }
        }

        return ApplyAsync(new RoundEvent.Progress(hospital, attempt));
    }

    public async Task<UploadTarget> UploadTargetAsync(string hospital, int attempt, long epoch, CancellationToken cancellationToken = default)
    {
        if (_written is { Phase: RoundPhase.Training, Incarnation: null } && (_written.Attempt, _written.Epoch) == (attempt, epoch))
        {
            // A small update can be here before its aggregator: the hospital need not come again for that.
            await _opening.WaitAsync(OpeningTime, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        var state = _written;
        var participant = state.Find(hospital);
        var verdict = state.Attempt != attempt ? RoundVerdict.WrongAttempt
            : participant is null ? RoundVerdict.UnknownParticipant
            : participant.Status == ParticipantStatus.Reported && state.Epoch == epoch ? RoundVerdict.Duplicate
            : state.Phase > RoundPhase.Training ? RoundVerdict.Late
            : state.Phase < RoundPhase.Training ? RoundVerdict.Early
            : participant.Status != ParticipantStatus.Accepted ? RoundVerdict.UnknownParticipant
            : state.Epoch != epoch ? RoundVerdict.WrongEpoch
            : state.Incarnation is null ? RoundVerdict.Early
            : RoundVerdict.Applied;
        return new UploadTarget
        {
            Verdict = verdict,
            Epoch = state.Epoch,
            Incarnation = state.Incarnation ?? Guid.Empty,
            Counted = participant?.Update?.Digest ?? default,
            Group = state.GroupOf(hospital),
        };
    }

    public Task<RoundVerdict> UpdateAcceptedAsync(
        int attempt, long epoch, ParticipantUpdate update, CancellationToken cancellationToken = default) =>
        ApplyAsync(new RoundEvent.UpdateAccepted(attempt, epoch, update));

    public Task<RoundVerdict> UpdateRefusedAsync(
        string hospital, int attempt, string reason, CancellationToken cancellationToken = default) =>
        ApplyAsync(new RoundEvent.UpdateRefused(hospital, attempt, reason));

    public Task AggregatorLostAsync(long epoch, Guid incarnation, CancellationToken cancellationToken = default) =>
        _applied.Epoch == epoch && _applied.Incarnation == incarnation
            ? ApplyAsync(new RoundEvent.AggregatorLost(epoch))
            : Task.CompletedTask;

    public Task<RoundVerdict> CloseAsync(int attempt, CancellationToken cancellationToken = default) =>
        ApplyAsync(new RoundEvent.CloseRequested(attempt));

    public Task<RoundVerdict> CancelAsync(int attempt, string reason, CancellationToken cancellationToken = default) =>
        ApplyAsync(new RoundEvent.CancelRequested(attempt, reason));

    public Task<RunExplanation?> ExplainAsync(CancellationToken cancellationToken = default) => Task.FromResult(
        _written.Phase == RoundPhase.None ? null : RoundExplainer.Explain(_written, _paces, _lastSeen, time.GetUtcNow()));

    public Task<AssignmentStanding> StandingAsync(int attempt, CancellationToken cancellationToken = default)
    {
        var state = _written;
        return Task.FromResult(
            state.Attempt == attempt && state.Phase is RoundPhase.Selecting or RoundPhase.Training ? AssignmentStanding.Wanted
            : state.Attempt <= attempt && state.Phase != RoundPhase.None && !_outcomeTold ? AssignmentStanding.Ending
            : _performing.IsCompleted ? AssignmentStanding.Over
            : AssignmentStanding.Ending);
    }

    public Task<RoundView?> ViewAsync(CancellationToken cancellationToken = default)
    {
        var state = _written;
        return Task.FromResult(state.Phase == RoundPhase.None ? null : new RoundView
        {
            Round = state.Round,
            Attempt = state.Attempt,
            Phase = state.Phase,
            PhaseStartedAt = state.PhaseStartedAt,
            PhaseDeadline = state.PhaseDeadline,
            GoalCount = state.Options!.GoalCount,
            MinimumReports = state.Options.MinimumReports,
            Hospitals = [.. state.Participants.Select(ViewOf)],
        });
    }

    private RoundHospitalView ViewOf(RoundParticipant participant)
    {
        var reported = _paces.GetValueOrDefault(participant.Hospital)?.Latest;
        return new()
        {
            Hospital = participant.Hospital,
            Status = participant.Status,
            Lost = participant.Lost,
            Reason = participant.Reason,
            StepsDone = reported?.StepsDone ?? 0,
            StepsTotal = reported?.StepsTotal ?? 0,
        };
    }

    /// <summary>Applies an event in memory and waits for the write that holds all that was applied so far.</summary>
    private async Task<RoundVerdict> ApplyAsync(RoundEvent occurred)
    {
        LookAtClock();
        var before = _applied;
        var verdict = Take(occurred);
        if (ReferenceEquals(before, _applied) && _applied.Phase == RoundPhase.None)
        {
            // Nobody began this round: a message that made it up must not keep a grain alive.
            DeactivateOnIdle();
        }

        if (before.Attempt != _applied.Attempt)
        {
            _paces.Clear();
            _lastSeen.Clear();
            _outcomeTold = false;
            EnsureTicks();
        }

        // Duplicates too are answered only once what they repeat is stored. Later events have a write of their own: nobody waits for
        // a stream of them to end.
        var mine = _appliedVersion;
        while (_writtenVersion < mine)
        {
            if (_writing.IsCompleted)
            {
                _writing = WriteAsync();
            }

            await _writing;
        }

        return verdict;
    }

    private RoundVerdict Take(RoundEvent occurred)
    {
        var transition = RoundMachine.Apply(_applied, occurred, time.GetUtcNow(), Guid.NewGuid());
        if (!ReferenceEquals(_applied, transition.State))
        {
            var isMoved = IsMoved(_applied, transition.State);
            _applied = transition.State;
            _appliedVersion++;
            if (isMoved)
            {
                _moved.TrySetResult();
            }
        }

        return transition.Verdict;
    }

    /// <summary>Where the clock was set, moves what is told by it, before anything looks at a deadline.</summary>
    private void LookAtClock()
    {
        var by = _clock.Look();
        if (by == TimeSpan.Zero)
        {
            return;
        }

        if (Take(new RoundEvent.ClockSet(by)) == RoundVerdict.Applied)
        {
            LogClockSet(logger, this.GetPrimaryKeyString(), by);
        }

        foreach (var hospital in _paces.Keys.ToArray())
        {
            _paces[hospital] = _paces[hospital].Shift(by);
        }

        foreach (var hospital in _lastSeen.Keys.ToArray())
        {
            _lastSeen[hospital] += by;
        }
    }

    private async Task WriteAsync()
    {
        // Messages that wait for their turn already join this write. Where nobody waits for a next phase, so do those that come in a moment:
        // every hospital answers at about the same time.
        await Task.Yield();
        if (!IsMoved(_written, _applied) && options.Value.JoinTime > TimeSpan.Zero)
        {
            await _moved.Task.WaitAsync(options.Value.JoinTime, time)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        _moved = NewSignal();
        var state = _applied;
        var version = _appliedVersion;
        storage.State = new RoundCoordinatorState { Round = state };
        RoundSteps.BeforeWrite(_written, state);
        BeginAhead(state);
        try
        {
            if (!IsStoredByTheRun(_written, state))
            {
                await storage.WriteStateAsync();
            }
        }
        catch
        {
            // What is in memory is not what is stored: nothing may be answered from it.
            DeactivateOnIdle();
            throw;
        }

        var before = _written;
        RoundSteps.AfterWrite(before, state);
        _written = state;
        _writtenVersion = version;
        if (before.Incarnation is not null && (before.Attempt, before.Epoch) != (state.Attempt, state.Epoch))
        {
            // Nobody folds an epoch that is over: what it stages is wanted by the next.
            DiscardAsync(before).Ignore();
        }

        EnsureSettledTold();
        var isGivenUp = state.Phase == RoundPhase.Abandoning;
        if (isGivenUp)
        {
            // Whoever watches the run leaves when it pauses for that.
            Tell(before, state);
        }

        if (before.Phase != state.Phase || before.Attempt != state.Attempt || before.Epoch != state.Epoch)
        {
            EnsureEffects();
        }

        if (!isGivenUp)
        {
            TellSoonAsync(before, state).Ignore();
        }
    }

    /// <summary>Whether all that is new is that the run has committed the round, which is its decision, and stored there: who wakes up without it asks again.</summary>
    private static bool IsStoredByTheRun(RoundState before, RoundState after) =>
        before.Phase == RoundPhase.Committing && before with { Phase = RoundPhase.Committed, AliveAt = after.AliveAt } == after;

    /// <summary>Whether somebody waits for what is new. Nobody does for an aggregator before there is training.</summary>
    private static bool IsMoved(RoundState before, RoundState after) =>
        (before.Phase, before.Attempt, before.Epoch) != (after.Phase, after.Attempt, after.Epoch)
        || (before.Incarnation != after.Incarnation && after.Phase != RoundPhase.Selecting);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        if (_written.IsDecided && _outcomeTold)
        {
            // Nothing is left to look at: a run of many rounds would else keep a timer going for each of them.
            _tick?.Dispose();
            _tick = null;
            return;
        }

        // A timer does not keep a grain active; a round under way must be.
        DelayDeactivation(TimeSpan.FromMinutes(5));
        await ApplyAsync(new RoundEvent.PhaseDeadline());
        await ApplyAsync(new RoundEvent.Alive());
        EnsureSettledTold();
        EnsureEffects();
    }

    private void EnsureTicks() => _tick ??= this.RegisterGrainTimer(
        TickAsync, new GrainTimerCreationOptions { DueTime = options.Value.Tick, Period = options.Value.Tick, Interleave = true });

    /// <summary>Tells it after the effects, which hospitals wait for.</summary>
    private async Task TellSoonAsync(RoundState before, RoundState after)
    {
        await Task.Yield();
        Tell(before, after);
    }

    /// <summary>Tells those who watch, the log and the metrics what a write has made true.</summary>
    private void Tell(RoundState before, RoundState after)
    {
        var changes = RoundWording.Changes(before, after).ToImmutableArray();
        if (!changes.IsEmpty)
        {
            RunGrain().NoteAsync(changes).Ignore();
        }

        foreach (var told in changes)
        {
            LogChange(logger, after.Run, after.Round, after.Attempt, told.Text);
            switch (told.Kind)
            {
                case RunEventKind.HospitalReported:
                    metrics.UpdateCounted();
                    break;
                case RunEventKind.HospitalLost:
                    metrics.HospitalLost();
                    break;
                case RunEventKind.EpochBegan:
                    metrics.EpochLost();
                    break;
            }
        }
    }

    private IRunLifecycleGrain RunGrain() => GrainFactory.Grain<IRunLifecycleGrain>(GrainKeys.Run(Run));

    private IHospitalGrain Hospital(string hospital) => GrainFactory.Grain<IHospitalGrain>(GrainKeys.Hospital(hospital));

    private Task DiscardAsync(RoundState state) =>
        Task.WhenAll(Enumerable.Range(0, state.Groups).Select(group => Aggregator(state, group).DiscardAsync(state.PlanDigest)));

    private IAggregatorGrain Aggregator(RoundState state, int group = 0) =>
        GrainFactory.Grain<IAggregatorGrain>(GrainKeys.Aggregator(state.Run, state.Round, state.Attempt, state.Epoch, group));
}

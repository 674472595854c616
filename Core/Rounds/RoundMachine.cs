using System.Collections.Immutable;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>The lockstep of one round as a pure, total and deterministic function.</summary>
/// <remarks>
/// After the phases of Bonawitz et al., "Towards Federated Learning at Scale: System Design" (2019). An event that does not fit is a
/// named verdict, never an exception. The shell stores the state before it answers or acts, but for a commit,
/// which the run has stored; on activation it does <see cref="EffectsOf"/> of the stored state again.
/// </remarks>
public static class RoundMachine
{
    /// <summary>Epochs an attempt may use up before it is abandoned: an aggregator that dies so often will not live.</summary>
    public const int MaximumEpochs = 8;

    /// <summary>How old <see cref="RoundState.AliveAt"/> may get while the coordinator is at work; a longer gap is an outage.</summary>
    public static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestDefaultGrace = TimeSpan.FromMinutes(5);

    /// <summary>Applies one event.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="occurred">The event.</param>
    /// <param name="now">The time.</param>
    /// <param name="freshNonce">A nonce never used before; taken only where an epoch opens.</param>
    public static RoundTransition Apply(RoundState state, RoundEvent occurred, DateTimeOffset now, Guid freshNonce)
    {
        var transition = Transition(state, occurred, now, freshNonce);
        return ReferenceEquals(state, transition.State) ? transition : transition with { State = transition.State with { AliveAt = now } };
    }

    private static RoundTransition Transition(RoundState state, RoundEvent occurred, DateTimeOffset now, Guid freshNonce) => occurred switch
    {
        RoundEvent.Begin begin => Begin(state, begin, now, freshNonce),
        _ when state.Phase == RoundPhase.None => Same(state, RoundVerdict.Early),
        RoundEvent.Decided decided => Decide(state, decided),
        RoundEvent.Accepted accepted => Answer(state, accepted.Hospital, accepted.Attempt, null, now, freshNonce),
        RoundEvent.Declined declined => Answer(state, declined.Hospital, declined.Attempt, declined.Reason, now, freshNonce),
        RoundEvent.Progress progress => Progress(state, progress, now),
        RoundEvent.UpdateAccepted update => Count(state, update, now),
        RoundEvent.UpdateRefused refused => Refuse(state, refused, now),
        RoundEvent.HospitalLost lost => Presence(state, lost.Hospital, isLost: true, now, freshNonce),
        RoundEvent.HospitalBack back => Presence(state, back.Hospital, isLost: false, now, freshNonce),
        RoundEvent.PhaseDeadline => Due(state, now, freshNonce),
        RoundEvent.Alive => IsUnderWay(state) && now - state.AliveAt >= AliveInterval ? Changed(state with { AliveAt = now }) : Same(state, RoundVerdict.NothingDue),
        RoundEvent.Woken => Wake(state, now),
        RoundEvent.ClockSet set => IsUnderWay(state) ? Changed(SetClock(state, set.By)) : Same(state, RoundVerdict.NothingDue),
        RoundEvent.AggregatorOpened opened => Opened(state, opened),
        RoundEvent.AggregatorLost gone => NewEpoch(state, gone.Epoch, now, freshNonce),
        RoundEvent.AggregateReady ready => Ready(state, ready, now, freshNonce),
        RoundEvent.CloseRequested close => Close(state, close, now, freshNonce),
        RoundEvent.CancelRequested cancel => Cancel(state, cancel, now),
        _ => Same(state, RoundVerdict.Forbidden),
    };

    /// <summary>What a stored state asks for, whatever was done before.</summary>
    public static ImmutableArray<RoundEffect> EffectsOf(RoundState state) => state.Phase switch
    {
        // The aggregator opens while hospitals make up their minds: nobody has to wait for it afterwards.
        RoundPhase.Selecting => HasEpoch(state) ? [new RoundEffect.OpenAggregator(), new RoundEffect.Offer()] : [new RoundEffect.Offer()],
        RoundPhase.Training => [new RoundEffect.OpenAggregator(), new RoundEffect.Offer()],
        RoundPhase.Closing => [new RoundEffect.Fold(state.Frozen!.Value)],
        RoundPhase.Committing => [new RoundEffect.AskCommit()],
        RoundPhase.Abandoning => [new RoundEffect.AskAbandon()],
        RoundPhase.Committed or RoundPhase.Abandoned => [new RoundEffect.TellOutcome()],
        _ => [],
    };

    private static RoundTransition Begin(RoundState state, RoundEvent.Begin begin, DateTimeOffset now, Guid freshNonce)
    {
        if (begin.Attempt <= state.Attempt)
        {
            // Begin of an attempt that is under way or over is the run repeating itself.
            return Same(state, begin.Attempt == state.Attempt ? RoundVerdict.Duplicate : RoundVerdict.WrongAttempt);
        }

        if (state.Phase == RoundPhase.Committed)
        {
            return Same(state, RoundVerdict.Late);
        }

        var next = new RoundState
        {
            Run = begin.Run,
            Round = begin.Round,
            Attempt = begin.Attempt,
            Phase = RoundPhase.Selecting,
            Options = begin.Options,
            PlanDigest = begin.PlanDigest,
            BaseModel = begin.BaseModel,
            BaseState = begin.BaseState,
            BeganAt = now,
            PhaseStartedAt = now,
            PhaseDeadline = now + begin.Options.SelectionWindow,

            // Epochs never restart within a round: a late chunk of an earlier attempt must not find its number again.
            Epoch = state.Epoch + 1,
            EpochNonce = freshNonce,
            Participants =
            [
                .. begin.Hospitals.Order(StringComparer.Ordinal).Select(hospital => new RoundParticipant { Hospital = hospital }),
            ],
        };
        return Moved(next);
    }

    private static RoundTransition Answer(
        RoundState state, string hospital, int attempt, string? declineReason, DateTimeOffset now, Guid freshNonce)
    {
        if (attempt != state.Attempt)
        {
            return Same(state, RoundVerdict.WrongAttempt);
        }

        var participant = state.Find(hospital);
        if (participant is null)
        {
            return Same(state, RoundVerdict.UnknownParticipant);
        }

        var status = declineReason is null ? ParticipantStatus.Accepted : ParticipantStatus.Declined;
        if (participant.Status == status || (status == ParticipantStatus.Accepted && participant.Status == ParticipantStatus.Reported))
        {
            return Same(state, RoundVerdict.Duplicate);
        }

        if (state.Phase != RoundPhase.Selecting)
        {
            return Same(state, RoundVerdict.Late);
        }

        if (participant.Status != ParticipantStatus.Invited)
        {
            return Same(state, RoundVerdict.Conflict);
        }

        var next = With(state, participant with { Status = status, Reason = declineReason, Lost = false });
        return SelectionMayEnd(next, now, freshNonce) ?? Changed(next);
    }

    private static RoundTransition? SelectionMayEnd(RoundState state, DateTimeOffset now, Guid freshNonce)
    {
        var options = state.Options!;
        var (accepted, open, lost) = (0, 0, 0);
        foreach (var participant in state.Participants)
        {
            switch (participant)
            {
                case { Status: ParticipantStatus.Accepted or ParticipantStatus.Reported }:
                    accepted++;
                    break;
                case { Status: ParticipantStatus.Invited, Lost: false }:
                    open++;
                    break;
                case { Status: ParticipantStatus.Invited }:
                    lost++;
                    break;
            }
        }

        var windowOver = now >= state.PhaseDeadline;

        if (accepted >= options.Invitations || (accepted >= options.MinimumReports && (open == 0 || windowOver)))
        {
            return StartTraining(state, now, freshNonce);
        }

        // A lost hospital may come back within the window; only when all that could answer have, or time is up, is it hopeless.
        if (windowOver || accepted + open + lost < options.MinimumReports)
        {
            return Abandon(state, $"{accepted} of at least {options.MinimumReports} hospitals accepted", now);
        }

        return null;
    }

    private static RoundTransition StartTraining(RoundState state, DateTimeOffset now, Guid freshNonce)
    {
        var deadline = now + state.Options!.ReportingDeadline;
        var opening = HasEpoch(state) ? state : state with { Epoch = state.Epoch + 1, EpochNonce = freshNonce };
        return Moved(opening with
        {
            Phase = RoundPhase.Training,
            PhaseStartedAt = now,
            PhaseDeadline = deadline,
            TrainingStartedAt = now,
            GraceEndsAt = null,

            // Nothing was staged in those that were lost while hospitals were asked.
            EpochsLost = 0,
            Participants = [.. state.Participants.Select(participant => participant with { Deadline = deadline })],
        });
    }

    /// <summary>Whether the attempt's first epoch is there. In a state that earlier versions stored it begins with the training.</summary>
    private static bool HasEpoch(RoundState state) => state.EpochNonce != Guid.Empty;

    private static RoundTransition Progress(RoundState state, RoundEvent.Progress progress, DateTimeOffset now)
    {
        var participant = state.Find(progress.Hospital);
        var refusal = progress.Attempt != state.Attempt ? RoundVerdict.WrongAttempt
            : participant is null ? RoundVerdict.UnknownParticipant
            : state.Phase != RoundPhase.Training || !state.MayStillCount(participant.Hospital) ? RoundVerdict.Late
            : participant.Status != ParticipantStatus.Accepted ? RoundVerdict.Duplicate
            : RoundVerdict.Applied;
        if (refusal != RoundVerdict.Applied)
        {
            return Same(state, refusal);
        }

        // Progress gives a hospital another tenth of the reporting time from now, up to the cap. Only a push of some
        // size is worth a stored transition.
        var options = state.Options!;
        var cap = state.TrainingStartedAt + options.ProgressCap;
        var pushed = Earlier(now + (options.ReportingDeadline / 10), cap);
        if (pushed <= participant!.Deadline)
        {
            return Same(state, RoundVerdict.NothingDue);
        }

        var next = With(state, participant with { Deadline = Earlier(now + (options.ReportingDeadline / 5), cap), Lost = false });
        return Changed(next with
        {
            PhaseDeadline = next.Participants.Where(other => IsAccepted(other) && next.MayStillCount(other.Hospital)).Max(other => other.Deadline),
        });
    }

    private static RoundTransition Count(RoundState state, RoundEvent.UpdateAccepted accepted, DateTimeOffset now)
    {
        var update = accepted.Update;
        if (accepted.Attempt != state.Attempt)
        {
            return Same(state, RoundVerdict.WrongAttempt);
        }

        var participant = state.Find(update.Hospital);
        if (participant is null)
        {
            return Same(state, RoundVerdict.UnknownParticipant);
        }

        if (accepted.Epoch != state.Epoch)
        {
            return Same(state, RoundVerdict.WrongEpoch);
        }

        if (participant.Status == ParticipantStatus.Reported)
        {
            return Same(state, participant.Update == update ? RoundVerdict.Duplicate : RoundVerdict.Conflict);
        }

        if (state.Phase != RoundPhase.Training)
        {
            return Same(state, state.Phase < RoundPhase.Training ? RoundVerdict.Early : RoundVerdict.Late);
        }

        if (participant.Status != ParticipantStatus.Accepted)
        {
            return Same(state, RoundVerdict.UnknownParticipant);
        }

        // Once a set was frozen, an epoch may only take what that set holds.
        if (state.Frozen is { } frozen && !frozen.Contains(update))
        {
            return Same(state, RoundVerdict.Conflict);
        }

        var next = With(state, participant with { Status = ParticipantStatus.Reported, Update = update, Lost = false, Reason = null });
        if (next.GraceEndsAt is null && Reports(next) >= next.Options!.GoalCount)
        {
            var elapsed = now - next.TrainingStartedAt;
            next = next with { GraceEndsAt = now + (next.Options.Grace ?? Shorter(elapsed / 10, LongestDefaultGrace)) };
        }

        return TrainingMayEnd(next, now) ?? Changed(next);
    }

    private static RoundTransition Refuse(RoundState state, RoundEvent.UpdateRefused refused, DateTimeOffset now)
    {
        var participant = state.Find(refused.Hospital);
        var verdict = refused.Attempt != state.Attempt ? RoundVerdict.WrongAttempt
            : participant is null ? RoundVerdict.UnknownParticipant
            : state.Phase != RoundPhase.Training ? RoundVerdict.Late
            : participant.Status == ParticipantStatus.Failed ? RoundVerdict.Duplicate
            : participant.Status != ParticipantStatus.Accepted ? RoundVerdict.Conflict
            : RoundVerdict.Applied;
        if (verdict != RoundVerdict.Applied)
        {
            return Same(state, verdict);
        }

        var next = With(state, participant! with { Status = ParticipantStatus.Failed, Reason = refused.Reason });
        return TrainingMayEnd(next, now) ?? Changed(next);
    }

    private static RoundTransition Presence(RoundState state, string hospital, bool isLost, DateTimeOffset now, Guid freshNonce)
    {
        var participant = state.Find(hospital);
        if (participant is null)
        {
            return Same(state, RoundVerdict.UnknownParticipant);
        }

        if (state.Phase is not (RoundPhase.Selecting or RoundPhase.Training))
        {
            return Same(state, RoundVerdict.Late);
        }

        if (participant.Lost == isLost || participant.Status is not (ParticipantStatus.Invited or ParticipantStatus.Accepted))
        {
            return Same(state, RoundVerdict.Duplicate);
        }

        var next = With(state, participant with { Lost = isLost });
        var ended = state.Phase == RoundPhase.Selecting ? SelectionMayEnd(next, now, freshNonce) : TrainingMayEnd(next, now);
        return ended ?? Changed(next);
    }

    private static RoundTransition? TrainingMayEnd(RoundState state, DateTimeOffset now)
    {
        var options = state.Options!;
        var (reports, working, away) = (0, 0, 0);
        foreach (var participant in state.Participants)
        {
            switch (participant)
            {
                case { Status: ParticipantStatus.Reported }:
                    reports++;
                    break;
                case { Status: ParticipantStatus.Accepted, Lost: true } when state.MayStillCount(participant.Hospital):
                    away++;
                    break;
                case { Status: ParticipantStatus.Accepted, Lost: false } when now < participant.Deadline && state.MayStillCount(participant.Hospital):
                    working++;
                    break;
            }
        }

        var deadlineOver = now >= state.PhaseDeadline;

        if (reports >= options.MinimumReports && (working == 0 || deadlineOver || now >= state.GraceEndsAt))
        {
            var frozen = state.Counted;
            return Moved(state with
            {
                Phase = RoundPhase.Closing,
                PhaseStartedAt = now,
                PhaseDeadline = now + options.ClosingDeadline,
                Frozen = frozen,
            });
        }

        if (deadlineOver || reports + working + away < options.MinimumReports)
        {
            return Abandon(state, $"{reports} of at least {options.MinimumReports} hospitals reported", now);
        }

        return null;
    }

    private static RoundTransition Due(RoundState state, DateTimeOffset now, Guid freshNonce) => state.Phase switch
    {
        RoundPhase.Selecting => SelectionMayEnd(state, now, freshNonce),
        RoundPhase.Training => TrainingMayEnd(state, now),
        RoundPhase.Closing when now >= state.PhaseDeadline => Abandon(state, "the aggregate was not made in time", now),
        _ => null,
    } ?? Same(state, RoundVerdict.NothingDue);

    private static RoundTransition Wake(RoundState state, DateTimeOffset now)
    {
        // Negative where the clock was set back meanwhile, by at least so much.
        var outage = now - state.AliveAt;
        if (!IsUnderWay(state) || outage.Duration() <= AliveInterval || state.AliveAt == default)
        {
            return Same(state, RoundVerdict.NothingDue);
        }

        // Hospitals could neither report nor be heard of meanwhile: the time is given back to them, and their leases begin anew.
        var later = Shift(state, outage);
        return Changed(later with { Participants = [.. later.Participants.Select(participant => participant with { Lost = false })] });
    }

    /// <summary>The same moments by the clock as it is now.</summary>
    private static RoundState SetClock(RoundState state, TimeSpan by) => Shift(state, by) with
    {
        BeganAt = Shifted(state.BeganAt, by),
        PhaseStartedAt = Shifted(state.PhaseStartedAt, by),
    };

    private static RoundState Shift(RoundState state, TimeSpan by) => state with
    {
        PhaseDeadline = Shifted(state.PhaseDeadline, by),
        TrainingStartedAt = Shifted(state.TrainingStartedAt, by),
        GraceEndsAt = state.GraceEndsAt + by,
        Participants = [.. state.Participants.Select(participant => participant with { Deadline = Shifted(participant.Deadline, by) })],
    };

    /// <summary>What was never set stays so.</summary>
    private static DateTimeOffset Shifted(DateTimeOffset time, TimeSpan by) => time == default ? time : time + by;

    /// <summary>Whether a deadline runs.</summary>
    private static bool IsUnderWay(RoundState state) => state.Phase is RoundPhase.Selecting or RoundPhase.Training or RoundPhase.Closing;

    private static RoundTransition Opened(RoundState state, RoundEvent.AggregatorOpened opened)
    {
        if (!HasEpoch(state) || opened.Epoch != state.Epoch || opened.Nonce != state.EpochNonce)
        {
            return Same(state, RoundVerdict.WrongEpoch);
        }

        // The first activation to answer is the epoch's; a later one has lost what the first had staged.
        return state.Incarnation is { } known
            ? Same(state, known == opened.Incarnation ? RoundVerdict.Duplicate : RoundVerdict.Conflict)
            : Moved(state with { Incarnation = opened.Incarnation });
    }

    private static RoundTransition NewEpoch(RoundState state, long lostEpoch, DateTimeOffset now, Guid freshNonce)
    {
        if (lostEpoch != state.Epoch)
        {
            return Same(state, RoundVerdict.WrongEpoch);
        }

        if (state.Phase is not (RoundPhase.Selecting or RoundPhase.Training or RoundPhase.Closing))
        {
            return Same(state, RoundVerdict.Late);
        }

        // Only a few epochs an attempt; the numbers themselves go on over all attempts.
        var used = state.EpochsLost + 1;
        if (used >= MaximumEpochs)
        {
            return Abandon(state, $"the aggregator was lost {used} times", now);
        }

        var opening = state with { Epoch = state.Epoch + 1, EpochNonce = freshNonce, Incarnation = null, EpochsLost = used };
        if (state.Phase == RoundPhase.Selecting)
        {
            // Nothing was staged yet.
            return Moved(opening);
        }

        // Whoever had reported or was uploading sends all its bytes again. After closing the window to do so is all there is: the
        // reporting deadline is over, and progress is measured against the window.
        var window = now + state.Options!.ClosingDeadline;
        var participants = state.Participants.Select(participant => IsAccepted(participant)
            ? participant with
            {
                Status = ParticipantStatus.Accepted,
                Update = null,
                Deadline = state.Phase == RoundPhase.Closing ? window : Later(participant.Deadline, window),
            }
            : participant);
        return Moved(opening with
        {
            Phase = RoundPhase.Training,
            PhaseStartedAt = now,
            PhaseDeadline = state.Phase == RoundPhase.Closing ? window : Later(state.PhaseDeadline, window),
            GraceEndsAt = null,
            Participants = [.. participants],
        });
    }

    private static RoundTransition Ready(RoundState state, RoundEvent.AggregateReady ready, DateTimeOffset now, Guid freshNonce)
    {
        if (ready.Epoch != state.Epoch)
        {
            return Same(state, RoundVerdict.WrongEpoch);
        }

        if (state.Phase == RoundPhase.Committing)
        {
            return Same(state, RoundVerdict.Duplicate);
        }

        if (state.Phase != RoundPhase.Closing)
        {
            return Same(state, state.Phase < RoundPhase.Closing ? RoundVerdict.Early : RoundVerdict.Late);
        }

        // An aggregate of anything but the frozen set voids its epoch.
        if (!ready.Updates.SequenceEqual(state.Frozen!.Value))
        {
            return NewEpoch(state, ready.Epoch, now, freshNonce);
        }

        return Moved(state with { Phase = RoundPhase.Committing, PhaseStartedAt = now, NewModel = ready.NewModel, NewState = ready.NewState });
    }

    private static RoundTransition Close(RoundState state, RoundEvent.CloseRequested close, DateTimeOffset now, Guid freshNonce)
    {
        if (close.Attempt != state.Attempt)
        {
            return Same(state, RoundVerdict.WrongAttempt);
        }

        return state.Phase switch
        {
            RoundPhase.Selecting when state.Participants.Count(IsAccepted) >= state.Options!.MinimumReports =>
                StartTraining(state, now, freshNonce),
            RoundPhase.Training when Reports(state) >= state.Options!.MinimumReports =>
                TrainingMayEnd(state with { GraceEndsAt = now }, now) ?? Same(state, RoundVerdict.Forbidden),
            RoundPhase.Selecting or RoundPhase.Training => Same(state, RoundVerdict.Forbidden),
            _ => Same(state, RoundVerdict.Late),
        };
    }

    private static RoundTransition Cancel(RoundState state, RoundEvent.CancelRequested cancel, DateTimeOffset now) =>
        cancel.Attempt != state.Attempt ? Same(state, RoundVerdict.WrongAttempt)
        : state.IsDecided || state.Phase == RoundPhase.Abandoning ? Same(state, RoundVerdict.Late)
        : Abandon(state, cancel.Reason, now);

    private static RoundTransition Abandon(RoundState state, string reason, DateTimeOffset now) =>
        Moved(state with { Phase = RoundPhase.Abandoning, PhaseStartedAt = now, Reason = reason });

    private static RoundTransition Decide(RoundState state, RoundEvent.Decided decided)
    {
        if (decided.Attempt != state.Attempt)
        {
            return Same(state, RoundVerdict.WrongAttempt);
        }

        var phase = decided.Committed ? RoundPhase.Committed : RoundPhase.Abandoned;
        return state.Phase == phase ? Same(state, RoundVerdict.Duplicate)
            : state.IsDecided ? Same(state, RoundVerdict.Conflict)
            : Moved(state with { Phase = phase });
    }

    private static int Reports(RoundState state) => state.Participants.Count(participant => participant.Status == ParticipantStatus.Reported);

    private static bool IsAccepted(RoundParticipant participant) =>
        participant.Status is ParticipantStatus.Accepted or ParticipantStatus.Reported;

    private static RoundState With(RoundState state, RoundParticipant changed) => state with
    {
        Participants = state.Participants.SetItem(state.IndexOf(changed.Hospital), changed),
    };

    private static RoundTransition Same(RoundState state, RoundVerdict verdict) => new(state, verdict, []);

    private static RoundTransition Changed(RoundState state) => new(state, RoundVerdict.Applied, []);

    private static RoundTransition Moved(RoundState state) => new(state, RoundVerdict.Applied, EffectsOf(state));

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}

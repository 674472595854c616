using System.Collections.Immutable;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Rounds;

/// <summary>What the written state asks for: offers, the aggregator, the fold, the run's decision, the outcome. All of it may be done twice.</summary>
internal sealed partial class RoundCoordinatorGrain
{
    private const double OffersPerSecond = 1_000;

    // Before a hospital's grain asks after an assignment that nobody repeats.
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(10);

    /// <summary>Does the effects of the written state, one pass at a time; a state written meanwhile asks for another pass.</summary>
    private void EnsureEffects()
    {
        _effectsDue = true;
        if (_performing.IsCompleted)
        {
            _performing = PerformEffectsAsync();
        }
    }

    private async Task PerformEffectsAsync()
    {
        // Leave the caller's turn first: effects call other grains, and nobody above waits for them.
        await Task.Yield();
        while (_effectsDue)
        {
            _effectsDue = false;

            // At once: hospitals download the model while the aggregator opens.
            var state = _written;
            await Task.WhenAll(RoundMachine.EffectsOf(state).Select(effect => TryPerformAsync(state, effect)));
        }
    }

    private Task TryPerformAsync(RoundState state, RoundEffect effect) => TryAsync(PerformAsync(state, effect), effect);

    private async Task TryAsync(Task performing, RoundEffect effect)
    {
        try
        {
            await performing;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The next tick does it again; every effect may be repeated.
            LogEffectFailed(logger, exception, this.GetPrimaryKeyString(), effect.GetType().Name);
        }
    }

    private Task PerformAsync(RoundState state, RoundEffect effect) => effect switch
    {
        RoundEffect.Offer => OfferAsync(state),
        RoundEffect.OpenAggregator => EnsureOpening(state, effect),
        RoundEffect.Fold fold => FoldAsync(state, fold.Frozen),
        RoundEffect.AskCommit => AskCommitAsync(state),
        RoundEffect.AskAbandon => AskAbandonAsync(state),
        RoundEffect.TellOutcome => TellOutcomeAsync(state),
        _ => Task.CompletedTask,
    };

    /// <summary>Has what the phase that is about to be written asks for begun meanwhile, as far as it decides nothing.</summary>
    /// <remarks>
    /// Both are asked for again once the phase is written, and are found done then. Where it is never written, the model or the manifest that
    /// was stored is named by nobody.
    /// </remarks>
    private void BeginAhead(RoundState state)
    {
        if (state.Phase == _written.Phase)
        {
            return;
        }

        if (state is { Phase: RoundPhase.Closing, Groups: 1, Incarnation: { } incarnation, Frozen: { } frozen })
        {
            Aggregator(state).PrepareFoldAsync(incarnation, frozen).Ignore();
        }
        else if (state.Phase == RoundPhase.Committing)
        {
            RunGrain().PrepareCommitAsync(CommitOf(state)).Ignore();
        }
    }

    /// <summary>Offers every hospital its assignment and learns from the answer when it was last heard of.</summary>
    private async Task OfferAsync(RoundState state)
    {
        // What is new is offered at once; the repetition of it to a large cohort must not be all that the centre does.
        var step = (state.Attempt, state.Phase, state.Epoch);
        var began = time.GetTimestamp();
        if (_offered.Step == step && time.GetElapsedTime(_offered.At, began) < RepeatAfter(state.Participants.Length))
        {
            return;
        }

        _offered = (step, began);
        var asked = time.GetUtcNow();
        var answers = await Task.WhenAll(state.Participants.Select(participant => OfferAsync(state, participant)));
        var now = _clock.EarlierSince(asked, began);
        List<Task> changes = [];
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is not { } lastSeen || _applied.Attempt != state.Attempt)
            {
                continue;
            }

            var participant = _applied.Find(state.Participants[i].Hospital)!;
            _lastSeen[participant.Hospital] = lastSeen;
            var isLost = now - lastSeen > state.Options!.LeaseTime;
            if (isLost != participant.Lost && participant.Status is ParticipantStatus.Invited or ParticipantStatus.Accepted)
            {
                // All in one write: after an outage of the line that is thousands at once.
                changes.Add(ApplyAsync(isLost
                    ? new RoundEvent.HospitalLost(participant.Hospital)
                    : new RoundEvent.HospitalBack(participant.Hospital)));
            }
        }

        await Task.WhenAll(changes);
    }

    private static TimeSpan RepeatAfter(int hospitals) =>
        hospitals < OffersPerSecond ? TimeSpan.Zero
            : TimeSpan.FromSeconds(hospitals / OffersPerSecond) is var pause && pause < LongestRepeat ? pause : LongestRepeat;

    private async Task<DateTimeOffset?> OfferAsync(RoundState state, RoundParticipant participant)
    {
        AssignmentStage? stage = (state.Phase, participant.Status) switch
        {
            (RoundPhase.Selecting, ParticipantStatus.Invited) => AssignmentStage.Invited,
            (RoundPhase.Selecting, ParticipantStatus.Accepted) => AssignmentStage.Wait,
            (RoundPhase.Training, ParticipantStatus.Accepted) => AssignmentStage.Train,
            _ => null,
        };
        if (stage is null)
        {
            return null;
        }

        try
        {
            return await Hospital(participant.Hospital).OfferAsync(new HospitalAssignment
            {
                Run = state.Run,
                Round = state.Round,
                Attempt = state.Attempt,
                Epoch = state.Epoch,
                Stage = stage.Value,
                PlanDigest = state.PlanDigest,
                Model = state.BaseModel,
                Control = state.BaseState?.Control ?? default,
                Statistics = state.BaseState?.Statistics ?? default,
                Deadline = state.Phase == RoundPhase.Selecting ? state.PhaseDeadline : participant.Deadline,
            });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // One hospital's grain that can't be reached is no reason to fail the others.
            LogEffectFailed(logger, exception, this.GetPrimaryKeyString(), nameof(RoundEffect.Offer));
            return null;
        }
    }

    /// <summary>Opens the aggregator. That may take its time; nothing else that this state or the next asks for waits for it.</summary>
    private Task EnsureOpening(RoundState state, RoundEffect effect)
    {
        if (_opening.IsCompleted || _openingEpoch != state.Epoch)
        {
            _openingEpoch = state.Epoch;
            _opening = TryAsync(OpenAsync(state), effect);
        }

        return Task.CompletedTask;
    }

    private async Task OpenAsync(RoundState state)
    {
        var incarnation = await Aggregator(state).OpenAsync(new OpenAggregator
        {
            Nonce = state.EpochNonce,
            PlanDigest = state.PlanDigest,
            BaseModel = state.BaseModel,
            BaseState = state.BaseState,
            Groups = state.Groups,
        });
        if (incarnation == Guid.Empty)
        {
            // Nobody who answers holds what this epoch has staged.
            await ApplyAsync(new RoundEvent.AggregatorLost(state.Epoch));
            return;
        }

        var verdict = await OpenedAsync(new RoundEvent.AggregatorOpened(state.Epoch, state.EpochNonce, incarnation));
        if (verdict == RoundVerdict.Conflict)
        {
            await ApplyAsync(new RoundEvent.AggregatorLost(state.Epoch));
        }

        if (verdict == RoundVerdict.WrongEpoch || _applied.IsDecided)
        {
            // It came too late, and nobody else knows of it.
            await DiscardAsync(state);
        }
    }

    /// <summary>Notes who has opened. Before the training that needs no write of its own: nobody uploads yet, and the same nonce finds the same again.</summary>
    private Task<RoundVerdict> OpenedAsync(RoundEvent.AggregatorOpened opened) =>
        _applied.Phase == RoundPhase.Selecting ? Task.FromResult(Take(opened)) : ApplyAsync(opened);

    private async Task FoldAsync(RoundState state, ImmutableArray<ParticipantUpdate> frozen)
    {
        var incarnation = state.Incarnation ?? Guid.Empty;
        var result = await (state.Groups == 1
            ? Aggregator(state).FoldAsync(incarnation, frozen)
            : Aggregator(state).FoldGroupsAsync(incarnation, Grouped(state, frozen)));
        if (!result.Pending)
        {
            await ApplyAsync(result.Lost
                ? new RoundEvent.AggregatorLost(state.Epoch)
                : new RoundEvent.AggregateReady(state.Epoch, result.Updates, result.NewModel, result.NewState));
        }
    }

    private async Task AskCommitAsync(RoundState state)
    {
        var decision = await RunGrain().CommitAsync(CommitOf(state));
        await DecidedAsync(state.Attempt, decision);
    }

    private static CommitRound CommitOf(RoundState state)
    {
        var frozen = state.Frozen!.Value;
        var included = frozen.Select(update => update.Hospital).ToHashSet(StringComparer.Ordinal);
        return new CommitRound
        {
            Round = state.Round,
            Attempt = state.Attempt,
            Epoch = state.Epoch,
            NewModel = state.NewModel,
            NewState = state.NewState,
            Participants = frozen,
            LeftOut =
            [
                .. state.Participants
                    .Where(participant => !included.Contains(participant.Hospital))
                    .Select(participant => new LeftOut(participant.Hospital, RoundWording.WhyLeftOut(participant))),
            ],
            BeganAt = state.BeganAt,
        };
    }

    private async Task AskAbandonAsync(RoundState state)
    {
        var decision = await RunGrain().AbandonAsync(state.Round, state.Attempt, state.Reason ?? "");
        await DecidedAsync(state.Attempt, decision);
    }

    private async Task TellOutcomeAsync(RoundState state)
    {
        if (_outcomeTold)
        {
            return;
        }

        if (state.Phase == RoundPhase.Committed)
        {
            // The next round's invitation takes the place of what is over: whoever has it need not be told that it is.
            await Task.Delay(options.Value.JoinTime, time);
        }

        await Task.WhenAll(state.Participants.Select(participant =>
            Hospital(participant.Hospital).WithdrawAsync(state.Run, state.Round, state.Attempt)));
        if (state.Incarnation is not null)
        {
            await DiscardAsync(state);
        }

        _outcomeTold = true;
    }

    /// <summary>The frozen set by groups: in ordinal order of hospitals the groups follow one another.</summary>
    private static ImmutableArray<ImmutableArray<ParticipantUpdate>> Grouped(RoundState state, ImmutableArray<ParticipantUpdate> frozen)
    {
        var groups = frozen.ToLookup(update => state.GroupOf(update.Hospital));
        return [.. Enumerable.Range(0, state.Groups).Select(group => groups[group].ToImmutableArray())];
    }
}

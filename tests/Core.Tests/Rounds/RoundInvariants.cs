namespace FederatedOrleans.Rounds;

/// <summary>What holds between any state and the next, whatever happened.</summary>
internal static class RoundInvariants
{
    public static void Check(RoundState before, RoundEvent occurred, RoundTransition transition)
    {
        var after = transition.State;
        Assert.Equal(after.Participants.OrderBy(participant => participant.Hospital, StringComparer.Ordinal), after.Participants);
        Assert.Equal(after.Counted.OrderBy(update => update.Hospital, StringComparer.Ordinal), after.Counted);
        Assert.All(after.Participants, participant =>
        {
            Assert.Equal(participant.Status == ParticipantStatus.Reported, participant.Update is not null);
            Assert.True(participant.Update is null || participant.Update.Hospital == participant.Hospital);
        });

        // Attempts and epochs go up only, over the whole round.
        Assert.True(after.Attempt >= before.Attempt, $"{occurred}: attempt {before.Attempt} -> {after.Attempt}");
        Assert.True(after.Epoch >= before.Epoch, $"{occurred}: epoch {before.Epoch} -> {after.Epoch}");
        if (before.Attempt == after.Attempt)
        {
            CheckWithinAttempt(before, occurred, after);
        }
        else
        {
            Assert.IsType<RoundEvent.Begin>(occurred);
            Assert.NotEqual(RoundPhase.Committed, before.Phase);
            Assert.Equal(RoundPhase.Selecting, after.Phase);
            Assert.Equal(before.Epoch + 1, after.Epoch);
            Assert.NotEqual(before.EpochNonce, after.EpochNonce);
            Assert.Null(after.Incarnation);
            Assert.Null(after.Frozen);
        }

        if (after.Phase is RoundPhase.Closing or RoundPhase.Committing)
        {
            Assert.True(after.Frozen!.Value.Length >= after.Options!.MinimumReports, $"{occurred}: fewer reports than the minimum");
            Assert.Equal(after.Counted, after.Frozen!.Value);
        }

        if (transition.Verdict == RoundVerdict.Applied && before.Phase != after.Phase)
        {
            Assert.Equal(RoundMachine.EffectsOf(after), transition.Effects, Same);
        }
    }

    public static bool Same(RoundEffect left, RoundEffect right) =>
        left is RoundEffect.Fold one && right is RoundEffect.Fold other ? one.Frozen.SequenceEqual(other.Frozen) : left == right;

    /// <summary>Whether two states hold the same, collections by their content.</summary>
    public static bool Same(RoundState left, RoundState right) =>
        left.Participants.SequenceEqual(right.Participants)
        && (left.Frozen ?? []).SequenceEqual(right.Frozen ?? [])
        && left.Frozen is null == right.Frozen is null
        && left with { Participants = [], Frozen = null } == right with { Participants = [], Frozen = null };

    private static void CheckWithinAttempt(RoundState before, RoundEvent occurred, RoundState after)
    {
        // Phases go forward only; a new epoch alone leads from closing back to training.
        var isNewEpoch = after.Epoch != before.Epoch && before.Phase is RoundPhase.Training or RoundPhase.Closing;
        Assert.True(
            after.Phase >= before.Phase || (isNewEpoch && after.Phase == RoundPhase.Training),
            $"{occurred}: {before.Phase} -> {after.Phase}");
        Assert.False(before.IsDecided && after.Phase != before.Phase, $"{occurred}: {before.Phase} -> {after.Phase}");

        // Committed and abandoned only by the run's decision.
        if (after.IsDecided && !before.IsDecided)
        {
            Assert.IsType<RoundEvent.Decided>(occurred);
        }

        // What was frozen once is never exceeded in this attempt.
        if (before.Frozen is { } frozen)
        {
            Assert.NotNull(after.Frozen);
            Assert.Subset(frozen.ToHashSet(), after.Frozen!.Value.ToHashSet());
            Assert.Subset(frozen.ToHashSet(), after.Counted.ToHashSet());
        }

        // An update counts once: it goes away with its epoch only.
        if (before.Epoch == after.Epoch)
        {
            Assert.Subset(after.Counted.ToHashSet(), before.Counted.ToHashSet());
            Assert.True(before.Incarnation is null || before.Incarnation == after.Incarnation);
            Assert.Equal(before.EpochNonce, after.EpochNonce);

            // What was settled stays the beginning of what is, and of what is frozen.
            if (after.Phase is RoundPhase.Training or RoundPhase.Closing)
            {
                var settled = before.Settled(0).ToArray();
                var later = after.Phase == RoundPhase.Training ? after.Settled(0) : after.Frozen!.Value;
                Assert.Equal(settled, later.Take(settled.Length));
            }
        }
        else
        {
            Assert.Equal(before.Epoch + 1, after.Epoch);
            Assert.NotEqual(before.EpochNonce, after.EpochNonce);
            Assert.Empty(after.Counted);
            Assert.Null(after.Incarnation);
        }
    }
}

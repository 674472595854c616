using FederatedOrleans.Diagnostics;

namespace FederatedOrleans.Rounds;

/// <summary>Announces the steps of a round around the coordinator's writes.</summary>
internal static class RoundSteps
{
    /// <summary>A write that turns one stored state into another is about to begin.</summary>
    public static void BeforeWrite(RoundState before, RoundState after) => Announce(before, after, isStored: false);

    /// <summary>It is stored.</summary>
    public static void AfterWrite(RoundState before, RoundState after) => Announce(before, after, isStored: true);

    private static void Announce(RoundState before, RoundState after, bool isStored)
    {
        // Nobody listens in a process that serves hospitals.
        if (Steps.AreWatched && NameOf(before, after, isStored) is { } step)
        {
            Steps.Reach(step, $"{after.Run}/{after.Round}/{after.Attempt}");
        }
    }

    private static string? NameOf(RoundState before, RoundState after, bool isStored)
    {
        var isSameEpoch = (before.Attempt, before.Phase, before.Epoch) == (after.Attempt, after.Phase, after.Epoch);
        if (isSameEpoch)
        {
            return !before.Counted.IsEmpty || after.Counted.IsEmpty ? null
                : isStored ? StepNames.FirstUpdateAfterWrite : StepNames.FirstUpdateBeforeWrite;
        }

        return (after.Phase, isStored) switch
        {
            (RoundPhase.Selecting, false) => StepNames.SelectingBeforeWrite,
            (RoundPhase.Selecting, true) => StepNames.SelectingAfterWrite,
            (RoundPhase.Training, false) => StepNames.TrainingBeforeWrite,
            (RoundPhase.Training, true) => StepNames.TrainingAfterWrite,
            (RoundPhase.Closing, false) => StepNames.ClosingBeforeWrite,
            (RoundPhase.Closing, true) => StepNames.ClosingAfterWrite,
            (RoundPhase.Committing, false) => StepNames.CommittingBeforeWrite,
            (RoundPhase.Committing, true) => StepNames.CommittingAfterWrite,
            (RoundPhase.Abandoning, false) => StepNames.AbandoningBeforeWrite,
            (RoundPhase.Abandoning, true) => StepNames.AbandoningAfterWrite,
            (RoundPhase.Committed or RoundPhase.Abandoned, false) => StepNames.DecidedBeforeWrite,
            (RoundPhase.Committed or RoundPhase.Abandoned, true) => StepNames.DecidedAfterWrite,
            _ => null,
        };
    }
}

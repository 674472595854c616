namespace FederatedOrleans.Rounds;

/// <summary>Tells the aggregators what is settled, so that they add it up while others still upload.</summary>
/// <remarks>Nothing depends on it: what nobody told them they add up when the round closes.</remarks>
internal sealed partial class RoundCoordinatorGrain
{
    // Whose training is over in less gains nothing by a call more.
    private static readonly TimeSpan ShortTraining = TimeSpan.FromMilliseconds(100);

    private (int Attempt, long Epoch, int[] Counts) _settled = (0, 0, []);
    private Task _settling = Task.CompletedTask;

    private void EnsureSettledTold()
    {
        if (_settling.IsCompleted && _written.Phase == RoundPhase.Training && time.GetUtcNow() - _written.TrainingStartedAt > ShortTraining)
        {
            _settling = TellSettledAsync();
        }
    }

    private async Task TellSettledAsync()
    {
        // Leave the caller's turn first: nobody above waits for aggregators.
        await Task.Yield();
        try
        {
            while (await TellSettledAsync(_written))
            {
                // What was written meanwhile.
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The next write or tick tells it again.
            LogEffectFailed(logger, exception, this.GetPrimaryKeyString(), nameof(TellSettledAsync));
        }
    }

    /// <summary>Tells every group's aggregator what it does not know yet. False where there was nothing to tell.</summary>
    private async Task<bool> TellSettledAsync(RoundState state)
    {
        if (state.Phase != RoundPhase.Training || state.Incarnation is not { } incarnation)
        {
            return false;
        }

        if ((_settled.Attempt, _settled.Epoch) != (state.Attempt, state.Epoch))
        {
            _settled = (state.Attempt, state.Epoch, new int[state.Groups]);
        }

        var counts = _settled.Counts;
        var told = await Task.WhenAll(Enumerable.Range(0, counts.Length).Select(async group =>
        {
            // One that wants none has no count that can be passed.
            var known = counts[group];
            if (known == int.MaxValue || state.Settled(group).Skip(known).ToArray() is not { Length: > 0 } settled)
            {
                return false;
            }

            counts[group] = await Aggregator(state, group).FoldAheadAsync(incarnation, known, [.. settled]);
            return counts[group] > known;
        }));
        return told.Contains(true);
    }
}

namespace FederatedOrleans.Updates;

/// <summary>One upload's turn, which it has or waits for. For one caller at a time.</summary>
/// <param name="turns">Where turns are given.</param>
/// <param name="place">The update's place in its cohort.</param>
internal sealed class UploadTurn(UploadTurns turns, int place) : IDisposable
{
    private bool _isTaken;

    /// <summary>Whether the last chunk had to be waited for: the next is waited for without a turn.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Takes the turn, or goes on with it where no update of a lower place waits for one.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        if (_isTaken && turns.MustYield(place))
        {
            Dispose();
        }

        if (!_isTaken)
        {
            await turns.EnterAsync(place, cancellationToken);
            _isTaken = true;
        }
    }

    /// <summary>Waits for what is being read, without the turn where that takes longer; has it again in the end.</summary>
    /// <param name="reading">What is waited for.</param>
    /// <param name="patience">For how long the turn is kept.</param>
    public async Task<T> LendAsync<T>(Task<T> reading, TimeSpan patience)
    {
        if (!reading.IsCompleted)
        {
            await ((Task)reading).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        IsSlow = !reading.IsCompleted;
        if (IsSlow)
        {
            Dispose();
        }

        var read = await reading;

        // Also when nobody waits for the upload any more: what has arrived is kept.
        await TakeAsync(CancellationToken.None);
        return read;
    }

    /// <summary>Ends the turn.</summary>
    public void Dispose()
    {
        if (_isTaken)
        {
            _isTaken = false;
            turns.Leave();
        }
    }
}

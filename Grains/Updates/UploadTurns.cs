namespace FederatedOrleans.Updates;

/// <summary>Which of several uploads is read next, where they come faster than this silo takes them.</summary>
/// <remarks>
/// Updates are added up in the order of the cohort. Read all at once they are all staged before the first is added; read in their order
/// the memory of one is free for the next. An upload that has to be waited for has a turn only while what has come is taken: slow lines are
/// read all at once. Safe for concurrent use.
/// </remarks>
/// <param name="atOnce">How many have a turn at once.</param>
/// <param name="longestWait">After so long an upload gets a turn, whatever its place.</param>
internal sealed class UploadTurns(int atOnce, TimeSpan longestWait)
{
    private readonly Lock _guard = new();
    private readonly PriorityQueue<TaskCompletionSource, (int Place, long Ticket)> _waiting = new();
    private long _tickets;
    private int _taken;

    /// <summary>Waits for a turn; whoever has one ends it by <see cref="Leave"/>.</summary>
    /// <param name="place">The update's place in its cohort: the lowest is next.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask EnterAsync(int place, CancellationToken cancellationToken)
    {
        lock (_guard)
        {
            if (_taken < atOnce)
            {
                _taken++;
                return ValueTask.CompletedTask;
            }

            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, (place, _tickets++));
            return new(WaitAsync(turn, cancellationToken));
        }
    }

    /// <summary>The turn of an upload.</summary>
    /// <param name="place">The update's place in its cohort.</param>
    public UploadTurn For(int place) => new(this, place);

    /// <summary>Whether an update that has a turn must give it up: another of a lower place waits, or more have one than may.</summary>
    public bool MustYield(int place)
    {
        lock (_guard)
        {
            return _taken > atOnce || (_waiting.TryPeek(out _, out var next) && next.Place < place);
        }
    }

    /// <summary>Ends a turn.</summary>
    public void Leave()
    {
        lock (_guard)
        {
            if (_taken <= atOnce && _waiting.TryDequeue(out var next, out _))
            {
                next.SetResult();
            }
            else
            {
                _taken--;
            }
        }
    }

    private async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        // By the machine's clock: it is about what it has to do, not about deadlines.
        try
        {
            await turn.Task.WaitAsync(longestWait, cancellationToken);
            return;
        }
        catch (TimeoutException)
        {
            // It has waited long enough.
        }
        catch (OperationCanceledException)
        {
            if (!GiveUp(turn))
            {
                // It got its turn at the same moment.
                Leave();
            }

            throw;
        }

        lock (_guard)
        {
            if (GiveUp(turn))
            {
                _taken++;
            }
        }
    }

    /// <summary>Ends the waiting for a turn. False where it has come.</summary>
    private bool GiveUp(TaskCompletionSource turn)
    {
        lock (_guard)
        {
            return _waiting.Remove(turn, out _, out _);
        }
    }
}

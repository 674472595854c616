namespace FederatedOrleans.Transfers;

/// <summary>Which of several transfers of many bytes goes on next, where they are faster than this silo.</summary>
/// <remarks>
/// Uploads go in ordinal order of hospitals, as updates are added up: read all at once they are all staged before the first is added; read
/// in this order the memory of one is free for the next. Models sent all at once all arrive at the end; sent to a few at a time the first
/// hospitals train and write while the others still download. A transfer that has to be waited for keeps nobody's turn meanwhile, unless
/// it is the machine that takes its time: slow lines are served all at once. Safe for concurrent use.
/// </remarks>
/// <param name="atOnce">How many have a turn at once.</param>
/// <param name="longestWait">After so long a transfer gets a turn, whoever's it is.</param>
internal sealed class TransferTurns(int atOnce, TimeSpan longestWait)
{
    // What slow lines bring is little, and takes nobody long.
    private static readonly TimeSpan LongestWaitOfSlow = TimeSpan.FromSeconds(1);

    private readonly Lock _guard = new();
    private readonly PriorityQueue<TaskCompletionSource, (string Hospital, long Ticket)> _waiting = new(
        Comparer<(string Hospital, long Ticket)>.Create((one, other) =>
            string.CompareOrdinal(one.Hospital, other.Hospital) is var order and not 0 ? order : one.Ticket.CompareTo(other.Ticket)));

    private long _tickets;
    private int _taken;

    /// <summary>Waits for a turn; whoever has one ends it by <see cref="Leave"/>.</summary>
    /// <param name="hospital">Whose transfer it is; of the same hospital the one that came first is next.</param>
    /// <param name="isSlow">Whether its line is slow: it then waits for a second at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask EnterAsync(string hospital, bool isSlow, CancellationToken cancellationToken)
    {
        lock (_guard)
        {
            if (_taken < atOnce)
            {
                _taken++;
                return ValueTask.CompletedTask;
            }

            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, (hospital, _tickets++));
            return new(WaitAsync(turn, isSlow && LongestWaitOfSlow < longestWait ? LongestWaitOfSlow : longestWait, cancellationToken));
        }
    }

    /// <summary>The turn of a transfer.</summary>
    /// <param name="hospital">Whose it is.</param>
    public TransferTurn For(string hospital) => new(this, hospital);

    /// <summary>Whether a transfer that has a turn must give it up: one of an earlier hospital waits, or more have one than may.</summary>
    public bool MustYield(string hospital)
    {
        lock (_guard)
        {
            return _taken > atOnce || (_waiting.TryPeek(out _, out var next) && string.CompareOrdinal(next.Hospital, hospital) < 0);
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

    private async Task WaitAsync(TaskCompletionSource turn, TimeSpan most, CancellationToken cancellationToken)
    {
        // By the machine's clock: it is about what it has to do, not about deadlines.
        try
        {
            await turn.Task.WaitAsync(most, cancellationToken);
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

using System.Collections.Immutable;

namespace FederatedOrleans.Runs;

/// <summary>The newest events of a run, in memory, and those who wait for the next.</summary>
internal sealed class RunEvents(TimeProvider time)
{
    private const int Kept = 1000;
    private const int Page = 200;

    private readonly Queue<RunEvent> _events = new();

    // Numbers of a later activation are higher than those of an earlier one.
    private long _sequence = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    private TaskCompletionSource _next = NewSignal();

    public long Last => _sequence;

    public void Add(RunEvent occurred)
    {
        _events.Enqueue(occurred with { Sequence = ++_sequence, At = time.GetUtcNow() });
        if (_events.Count > Kept)
        {
            _events.Dequeue();
        }

        var signal = _next;
        _next = NewSignal();
        signal.SetResult();
    }

    public async Task<ImmutableArray<RunEvent>> AfterAsync(long after, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (after >= _sequence && wait > TimeSpan.Zero)
        {
            try
            {
                await _next.Task.WaitAsync(wait, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return [];
            }
        }

        return [.. _events.Where(occurred => occurred.Sequence > after).Take(Page)];
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

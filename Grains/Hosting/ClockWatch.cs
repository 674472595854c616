namespace FederatedOrleans.Hosting;

/// <summary>Tells when the clock was set: by how much it went on otherwise than the time that passed. Not safe for concurrent use.</summary>
/// <remarks>
/// Deadlines are stored by the clock, since they outlive processes and are told to people. Whoever holds one looks here before looking at
/// it, so that an operator, or a time server, who puts the clock right ends no round.
/// </remarks>
internal sealed class ClockWatch(TimeProvider time)
{
    // Time servers correct less than this bit by bit; it is less than any lease.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);

    // The clock and the time are read one after the other: readings with a pause between them tell nothing.
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(100);

    private (long At, DateTimeOffset Now) _last = Read(time);

    /// <summary>By how much the clock was set since this was asked last; zero where it was not.</summary>
    public TimeSpan Look()
    {
        var (at, now) = Read(time);
        var by = now - _last.Now - time.GetElapsedTime(_last.At, at);
        _last = (at, now);
        return by.Duration() >= Least ? by : TimeSpan.Zero;
    }

    /// <summary>The time now by a reading of before and what has passed since, or by the clock, whichever is earlier: set meanwhile, it ends nothing.</summary>
    /// <param name="before">What the clock showed.</param>
    /// <param name="at">The timestamp of that moment.</param>
    public DateTimeOffset EarlierSince(DateTimeOffset before, long at)
    {
        var (steady, set) = (before + time.GetElapsedTime(at), time.GetUtcNow());
        return steady < set ? steady : set;
    }

    private static (long At, DateTimeOffset Now) Read(TimeProvider time)
    {
        while (true)
        {
            var reading = (At: time.GetTimestamp(), Now: time.GetUtcNow());
            if (time.GetElapsedTime(reading.At) < LongestReading)
            {
                return reading;
            }
        }
    }
}

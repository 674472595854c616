namespace FederatedOrleans;

/// <summary>The system's clock and timers, with time that a test can let pass, and a clock that it can set: deadlines pass at once, ticks stay short.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private static readonly long TimestampsOfATick = System.TimestampFrequency / TimeSpan.TicksPerSecond;
    private long _passed;
    private long _set;

    public override DateTimeOffset GetUtcNow() =>
        System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _passed) + Interlocked.Read(ref _set));

    public override long GetTimestamp() => System.GetTimestamp() + (Interlocked.Read(ref _passed) * TimestampsOfATick);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);

    /// <summary>The clock is set, forward or back: no time has passed.</summary>
    public void Set(TimeSpan by) => Interlocked.Add(ref _set, by.Ticks);
}

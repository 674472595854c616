namespace FederatedOrleans.Simulation;

/// <summary>The system's clock and timers, with time that a test can let pass: nights come at once, ticks stay short.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private static readonly long TimestampsOfATick = System.TimestampFrequency / TimeSpan.TicksPerSecond;
    private long _passed;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _passed));

    public override long GetTimestamp() => System.GetTimestamp() + (Interlocked.Read(ref _passed) * TimestampsOfATick);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);
}

namespace FederatedOrleans.Simulation;

/// <summary>The system's clock and timers, with a clock that a test can set forward: nights come at once, ticks stay short.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    public void Pass(TimeSpan time) => Interlocked.Add(ref _shift, time.Ticks);
}

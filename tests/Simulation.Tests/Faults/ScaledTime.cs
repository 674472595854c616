namespace FederatedOrleans.Simulation.Faults;

/// <summary>A clock that runs faster than the machine's, timers included: leases and pauses of seconds pass in a fraction.</summary>
internal sealed class ScaledTime(int factor) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _begin = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_begin) * factor);

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => _begin + ((System.GetTimestamp() - _begin) * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)), this);

    private TimeSpan Scaled(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : time / factor is var scaled && scaled >= TimeSpan.FromMilliseconds(1) ? scaled : TimeSpan.FromMilliseconds(1);

    private sealed class ScaledTimer(ITimer timer, ScaledTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Scaled(dueTime), time.Scaled(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

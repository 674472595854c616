using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace FederatedOrleans.Storage;

/// <summary>A clock that nobody sets: the time at which the process began, and what has passed since.</summary>
/// <remarks>
/// Orleans plans by the clock when idle grains end, and where that was set back by more than a quarter of an hour it activates no grain at
/// all until the clock is again where it was. Only Orleans gets this time: deadlines, hours and certificates are of the real clock.
/// </remarks>
public sealed class SteadyTime : TimeProvider
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _began;
    private readonly long _at;

    /// <summary>A steady time that begins as a clock shows it now.</summary>
    public SteadyTime(TimeProvider time) => (_time, _began, _at) = (time, time.GetUtcNow(), time.GetTimestamp());

    /// <inheritdoc/>
    public override long TimestampFrequency => _time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _began + _time.GetElapsedTime(_at);

    /// <inheritdoc/>
    public override long GetTimestamp() => _time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Lets a silo judge by it which grains are idle.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="time">The silo's clock.</param>
    public static void UseForActivations(IServiceCollection services, TimeProvider time)
    {
        var steady = new SteadyTime(time);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.ActivationManagement, steady);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.GrainDirectory, steady);
    }
}

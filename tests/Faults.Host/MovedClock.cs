using System.Globalization;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Faults;

/// <summary>The system's clock, which a file sets forward or back while the process runs; timers and timestamps go on as they do when a real clock is set.</summary>
/// <remarks>The file lies beside the configuration of the process and holds a <see cref="TimeSpan"/>; where it is not there, the clock is right.</remarks>
internal sealed class MovedClock(string file) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By();

    /// <summary>The clock of the process, where the arguments name a configuration and the environment the file.</summary>
    public static TimeProvider Of(string[] arguments) =>
        Environment.GetEnvironmentVariable(FaultSwitch.ClockVariable) is { } name && arguments is ["run", "--config", var configuration]
            ? new MovedClock(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configuration))!, name))
            : System;

    private TimeSpan By()
    {
        try
        {
            return TimeSpan.ParseExact(File.ReadAllText(file), "c", CultureInfo.InvariantCulture);
        }
        catch (FileNotFoundException)
        {
            return TimeSpan.Zero;
        }
    }
}

using System.Globalization;

namespace FederatedOrleans.Site.Availability;

/// <summary>The load over the last minute, per processor. This node's own training is part of it.</summary>
internal sealed class LoadProbe(double maximum, MachineFiles files) : ILimitProbe
{
    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken)
    {
        if (files.ReadProc("loadavg") is not { } text || MachineFiles.Numbers(text) is not [var minute, ..]
            || files.ReadProc("stat") is not { } stat)
        {
            return new(MachineFiles.NotMeasured("the load", "/proc/loadavg"));
        }

        // Those of the machine, not those that this process may use.
        var processors = stat.Split('\n').Count(line => line.StartsWith("cpu", StringComparison.Ordinal) && line.Length > 3 && char.IsAsciiDigit(line[3]));
        var load = minute / Math.Max(1, processors);
        return new(load > maximum
            ? string.Create(CultureInfo.InvariantCulture, $"the load is {load:F2} a processor, more than {maximum:0.##}")
            : null);
    }
}

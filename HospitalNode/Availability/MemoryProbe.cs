using System.Globalization;

namespace FederatedOrleans.Site.Availability;

/// <summary>How much memory a new program could have without swapping: MemAvailable of /proc/meminfo.</summary>
internal sealed class MemoryProbe(long minimum, MachineFiles files) : ILimitProbe
{
    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken)
    {
        var line = files.ReadProc("meminfo")?.Split('\n').FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        if (line is null || MachineFiles.Numbers(line) is not [var kibibytes, ..])
        {
            return new(MachineFiles.NotMeasured("free memory", "/proc/meminfo"));
        }

        var available = kibibytes * 1024;
        return new(available < minimum
            ? string.Create(CultureInfo.InvariantCulture, $"{available:N0} bytes of memory are available, fewer than {minimum:N0}")
            : null);
    }
}

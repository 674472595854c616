using System.Globalization;

namespace FederatedOrleans.Bench;

/// <summary>Memory of processes, as Linux counts it.</summary>
internal static class Memory
{
    /// <summary>The largest resident set of a process so far, in bytes.</summary>
    public static long PeakOf(int process)
    {
        const string Peak = "VmHWM:";
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return long.Parse(
            line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture) * 1024;
    }
}

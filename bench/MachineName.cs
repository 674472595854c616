using System.Runtime.InteropServices;

namespace FederatedOrleans.Bench;

/// <summary>The machine that figures were measured on.</summary>
internal static class MachineName
{
    /// <summary>Processor, cores, systems and load, as it stands above tables.</summary>
    public static string Describe()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        const string LoadFile = "/proc/loadavg";
        var load = File.Exists(LoadFile) ? $"; load average at the end {File.ReadAllText(LoadFile).Split(' ')[0]}" : "";
        return $"{model ?? "CPU unknown"}, {Environment.ProcessorCount} cores; {RuntimeInformation.OSDescription}; "
            + $"{RuntimeInformation.FrameworkDescription}{load}";
    }
}

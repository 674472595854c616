using System.Globalization;

namespace FederatedOrleans.Transfers;

/// <summary>Whether this machine has more to do than its processors can do at once.</summary>
/// <remarks>A container that may use fewer processors than its machine has sees all that the machine has to do, and takes it to be busy more often.</remarks>
internal static class MachineLoad
{
    private const string Path = "/proc/loadavg";

    /// <summary>Whether as many threads wait for a processor as have one, at this moment. Only Linux tells; elsewhere it is taken not to be.</summary>
    public static bool IsBusy()
    {
        try
        {
            return OperatingSystem.IsLinux() && IsBusy(File.ReadAllText(Path), Environment.ProcessorCount);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="IsBusy()"/>, by what the system says: its fourth field begins with the threads that run or could.</summary>
    internal static bool IsBusy(string load, int processors)
    {
        var fields = load.Split(' ');
        return fields.Length > 3
            && int.TryParse(fields[3].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var runnable)
            && runnable >= 2 * processors;
    }
}

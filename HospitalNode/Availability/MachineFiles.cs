using System.Globalization;

namespace FederatedOrleans.Site.Availability;

/// <summary>Where the operating system tells about the machine.</summary>
/// <param name="Proc">Root of the process file system.</param>
/// <param name="Sys">Root of the devices' file system.</param>
internal sealed record MachineFiles(string Proc = "/proc", string Sys = "/sys")
{
    /// <summary>Reads a file under <see cref="Proc"/>; null where it can't be read, as on another operating system.</summary>
    public string? ReadProc(string name) => Read(Path.Combine(Proc, name));

    /// <summary>Reads a small file; null where it can't be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The numbers of a line, apart by blanks; those that are none are left out.</summary>
    public static double[] Numbers(string line) =>
    [
        .. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)
            .Where(double.IsFinite),
    ];

    /// <summary>What to say where a limit is set and can't be measured: what the owner asked for can't be kept, so the node does not work.</summary>
    public static string NotMeasured(string what, string file) => $"{what} can't be measured: {file} can't be read";
}

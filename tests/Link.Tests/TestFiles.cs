namespace FederatedOrleans.Link.Tests;

/// <summary>Looks at folders.</summary>
internal static class TestFiles
{
    public static IReadOnlyList<string> Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(x => Path.GetFileName(x)).Order(StringComparer.Ordinal)];

    /// <summary>Every file below a folder with its content.</summary>
    public static SortedDictionary<string, string> Snapshot(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(x => x, File.ReadAllText), StringComparer.Ordinal);

    /// <summary>The permissions in octal digits.</summary>
    public static string Mode(string path) => OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException("Permissions are Unix's.")
        : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    /// <summary>Sets the permissions from octal digits.</summary>
    public static void ChangeMode(string path, string octal)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Permissions are Unix's.");
        }

        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace FederatedOrleans.Bench;

/// <summary>Folders of a measurement, deleted when all of it is done.</summary>
/// <remarks>
/// Not earlier: ext4 without a journal passes over the inodes of files that were deleted minutes ago, one by one, whenever it makes a new one.
/// What the first federation leaves would be a cost of the next.
/// </remarks>
internal static class BenchFolders
{
    private static readonly ConcurrentBag<DirectoryInfo> Made = [];

    /// <summary>A new empty folder.</summary>
    public static DirectoryInfo Create()
    {
        var folder = Directory.CreateTempSubdirectory("fed-bench-");
        Made.Add(folder);
        return folder;
    }

    /// <summary>The project's folder.</summary>
    public static string Repository() => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, ".."));

    /// <summary>Deletes them with all that they hold.</summary>
    public static void DeleteAll()
    {
        foreach (var folder in Made)
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Here([CallerFilePath] string here = "") => here;
}

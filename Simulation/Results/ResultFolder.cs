using FederatedOrleans.Storage;

namespace FederatedOrleans.Simulation.Results;

/// <summary>The folder of a study's results: each file is there whole or not at all.</summary>
internal static class ResultFolder
{
    /// <summary>The results.</summary>
    public const string Results = "results.json";

    /// <summary>The final model, as <c>fed model export</c> writes it.</summary>
    public const string Model = "model.json";

    /// <summary>The plot of what each round has brought.</summary>
    public const string Rounds = "rounds.svg";

    /// <summary>The plot of who has how many rows.</summary>
    public const string Partition = "partition.svg";

    /// <summary>Why a folder can't be that of results.</summary>
    /// <param name="path">Its full path.</param>
    public static IEnumerable<string> FaultsOf(string path) =>
        File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            ? [$"{path} is there already and not an empty folder: name a new one with --out."]
            : [];

    /// <summary>Writes a file of it.</summary>
    public static Task WriteAsync(string folder, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        DurableFile.WriteAsync(Path.Combine(folder, file), bytes, cancellationToken);

    /// <summary>Takes it away where nothing came of it.</summary>
    public static void RemoveIfEmpty(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}

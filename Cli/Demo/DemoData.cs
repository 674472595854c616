using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FederatedOrleans.Cli.Demo;

/// <summary>Where the demo's records come from: a folder, the UCI archive with its checksums, or a made-up cohort.</summary>
internal sealed class DemoData
{
    private static readonly TimeSpan DownloadDeadline = TimeSpan.FromSeconds(10);

    // UCI Heart Disease (CC BY 4.0; Janosi, Steinbrunn, Pfisterer, Detrano; DOI 10.24432/C52P4X).
    private static readonly Uri Archive = new("https://archive.ics.uci.edu/ml/machine-learning-databases/heart-disease/");

    private static readonly Dictionary<string, string> Md5 = new(StringComparer.Ordinal)
    {
        ["processed.cleveland.data"] = "2d91a8ff69cfd9616aa47b59d6f843db",
        ["processed.hungarian.data"] = "22e96bee155b5973568101c93b3705f6",
        ["processed.switzerland.data"] = "9a87f7577310b3917730d06ba9349e20",
        ["processed.va.data"] = "4249d03ca7711e84f4444768c9426170",
    };

    private DemoData(string folder, string origin, bool isSynthetic) => (Folder, Origin, IsSynthetic) = (folder, origin, isSynthetic);

    /// <summary>The folder that holds the four files.</summary>
    public string Folder { get; }

    /// <summary>Where they come from, in words.</summary>
    public string Origin { get; }

    /// <summary>Whether nobody ever had this disease.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Finds the data: the folder asked for, FEDERATED_DATA, a folder <c>shared/data</c> beside the project, the archive, else made up.</summary>
    /// <param name="asked">The folder asked for.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="project">The project's folder.</param>
    /// <param name="scratch">A folder for what is downloaded or made.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<DemoData> FindAsync(
        string? asked, Func<string, string?> environment, string project, string scratch, CancellationToken cancellationToken)
    {
        if (asked is not null)
        {
            return In(asked) is { } found
                ? new(found, $"the real records in {found}", false)
                : throw new FederationException($"{asked} does not hold the four files processed.<hospital>.data, nor a folder heart-disease that does.");
        }

        foreach (var candidate in new[] { environment("FEDERATED_DATA"), Path.Combine(project, "..", "shared", "data") })
        {
            if (candidate is not null && In(candidate) is { } found)
            {
                return new(found, $"the real records in {found}", false);
            }
        }

        if (await DownloadAsync(scratch, cancellationToken))
        {
            return new(scratch, "the real records, downloaded from the UCI archive with their checksums verified", false);
        }

        SyntheticCohort.Write(scratch);
        return new(scratch, "a synthetic cohort (made up, seeded; the UCI archive could not be reached)", true);
    }

    private static string? In(string folder) => new[] { folder, Path.Combine(folder, "heart-disease") }
        .Select(Path.GetFullPath)
        .FirstOrDefault(path => Md5.Keys.All(file => File.Exists(Path.Combine(path, file))));

    [SuppressMessage("Security", "CA5351", Justification = "The archive publishes MD5 checksums; they tell a broken download, not a forger.")]
    private static async Task<bool> DownloadAsync(string folder, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(DownloadDeadline);
        using var http = new HttpClient { BaseAddress = Archive };
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (file, md5) in Md5)
            {
                var bytes = await http.GetByteArrayAsync(new Uri(file, UriKind.Relative), deadline.Token);
                if (Convert.ToHexStringLower(MD5.HashData(bytes)) != md5)
                {
                    return false;
                }

                await File.WriteAllBytesAsync(Path.Combine(folder, file), bytes, deadline.Token);
            }

            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}

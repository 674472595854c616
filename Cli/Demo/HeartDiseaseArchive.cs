using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FederatedOrleans.Cli.Demo;

/// <summary>Where the four files of the heart disease study are published, and their checksums.</summary>
/// <param name="Address">Address of the folder, with a slash at its end.</param>
/// <param name="Md5">Each file's checksum, by its name.</param>
internal sealed record HeartDiseaseArchive(Uri Address, IReadOnlyDictionary<string, string> Md5)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>UCI Heart Disease (CC BY 4.0; Janosi, Steinbrunn, Pfisterer, Detrano; DOI 10.24432/C52P4X).</summary>
    public static HeartDiseaseArchive Uci { get; } = new(
        new("https://archive.ics.uci.edu/ml/machine-learning-databases/heart-disease/"),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["processed.cleveland.data"] = "2d91a8ff69cfd9616aa47b59d6f843db",
            ["processed.hungarian.data"] = "22e96bee155b5973568101c93b3705f6",
            ["processed.switzerland.data"] = "9a87f7577310b3917730d06ba9349e20",
            ["processed.va.data"] = "4249d03ca7711e84f4444768c9426170",
        });

    /// <summary>Names of the files.</summary>
    public IEnumerable<string> Files => Md5.Keys;

    /// <summary>Whether a folder has all the files as they are published.</summary>
    /// <exception cref="IOException">One can't be read.</exception>
    public bool Holds(string folder) => Md5.All(file => Digest(File.ReadAllBytes(Path.Combine(folder, file.Key))) == file.Value);

    /// <summary>Downloads the files into a folder: all of them, or none.</summary>
    /// <returns>What was wrong, in words; null where all files came as they are published.</returns>
    public async Task<string?> DownloadAsync(string folder, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        using var http = new HttpClient { BaseAddress = Address };
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            foreach (var (file, md5) in Md5)
            {
                var bytes = await http.GetByteArrayAsync(new Uri(file, UriKind.Relative), deadline.Token);
                if (Digest(bytes) != md5)
                {
                    return $"the UCI archive's {file} has another checksum than the published one";
                }

                files[file] = bytes;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return "the UCI archive could not be reached";
        }

        Directory.CreateDirectory(folder);
        foreach (var (file, bytes) in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, file), bytes, cancellationToken);
        }

        return null;
    }

    [SuppressMessage("Security", "CA5351", Justification = "The archive publishes MD5 checksums; they tell a broken download, not a forger.")]
    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
}

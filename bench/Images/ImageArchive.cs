using System.IO.Compression;

namespace FederatedOrleans.Bench.Images;

/// <summary>The archive of PneumoniaMNIST.</summary>
internal static class ImageArchive
{
    private const string Name = "pneumoniamnist.npz";

    /// <summary>Where it is.</summary>
    /// <param name="asked">The folder asked for; FEDERATED_DATA or ../shared/data when absent.</param>
    /// <exception cref="FederationException">It is nowhere.</exception>
    public static string Find(string? asked)
    {
        string?[] folders = [asked, Environment.GetEnvironmentVariable("FEDERATED_DATA"), Path.Combine(BenchFolders.Repository(), "..", "shared", "data")];
        return (from folder in folders.OfType<string>()
                from candidate in new[] { folder, Path.Combine(folder, "pneumoniamnist") }
                let file = Path.GetFullPath(Path.Combine(candidate, Name))
                where File.Exists(file)
                select file).FirstOrDefault()
            ?? throw new FederationException($"{Name} is in neither --data, FEDERATED_DATA nor ../shared/data.");
    }

    /// <summary>The labels of the training images.</summary>
    public static async Task<byte[]> LabelsAsync(string archive, CancellationToken cancellationToken)
    {
        await using var zip = await ZipFile.OpenReadAsync(archive, cancellationToken);
        await using var stream = await zip.GetEntry("train_labels.npy")!.OpenAsync(cancellationToken);
        var header = await Data.NpyHeader.ReadAsync(stream, "train_labels", cancellationToken);
        var labels = new byte[header.Shape[0]];
        await stream.ReadExactlyAsync(labels, cancellationToken);
        return labels;
    }
}

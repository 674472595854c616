using System.Globalization;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Participants;

/// <summary>What the encoding of updates has lost, on the site's disk: it never leaves the site, and is as large as the model.</summary>
/// <remarks>
/// The participant's stored state names the file that is current and, with an update in the outbox, the one that will be current if it is
/// included. Runs end without a word to the site, so that only the newest files are kept.
/// </remarks>
internal sealed class Residuals
{
    private const string Suffix = ".residual";
    private const int Kept = 64;
    private readonly string _folder;

    public Residuals(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Puts what an attempt's update lost on the disk, whole, flushed.</summary>
    public async Task<ResidualEntry> PutAsync(AttemptId id, ParameterVector residual, CancellationToken cancellationToken)
    {
        await DurableFile.WriteAsync(PathOf(id), residual.AsBytes(), cancellationToken);
        foreach (var old in new DirectoryInfo(_folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Kept))
        {
            old.Delete();
        }

        return new ResidualEntry { Id = id, Digest = residual.Digest };
    }

    /// <summary>Reads one; null where the file is gone, or is not what it was.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="length">Number of parameters, which bounds what is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ParameterVector?> ReadAsync(ResidualEntry entry, int length, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(PathOf(entry.Id), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
            if (file.Length != (long)length * sizeof(float))
            {
                return null;
            }

            var buffer = new ParameterBuffer(length);
            await file.ReadExactlyAsync(buffer.Payload, cancellationToken);
            var residual = buffer.ToVector();
            return residual.Digest == entry.Digest ? residual : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Deletes one that nothing names any more.</summary>
    public void Delete(AttemptId id) => File.Delete(PathOf(id));

    private string PathOf(AttemptId id) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{id.Run}.{id.Round}.{id.Attempt}{Suffix}"));
}

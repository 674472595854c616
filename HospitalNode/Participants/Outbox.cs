using System.Globalization;
using System.Security.Cryptography;
using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Participants;

/// <summary>Finished updates on the site's disk, each kept until its outcome is settled.</summary>
/// <remarks>
/// A file and its name are flushed before the participant records it. A file that no participant knows was left by a crash in between.
/// </remarks>
internal sealed class Outbox
{
    private const string Suffix = ".update";
    private const int CheckBytes = 1 << 20;
    private readonly string _folder;

    public Outbox(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var part in Directory.EnumerateFiles(_folder, "*" + Suffix + ".part"))
        {
            // Of an update that a crash cut off while it was written.
            File.Delete(part);
        }
    }

    /// <summary>Attempts of which a file is there.</summary>
    public IEnumerable<AttemptId> List()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Suffix))
        {
            var parts = Path.GetFileNameWithoutExtension(path).Split('.');
            if (parts.Length == 3
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var round)
                && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt))
            {
                yield return new(parts[0], round, attempt);
            }
        }
    }

    /// <summary>Puts an update on the disk as it travels, whole, flushed.</summary>
    public async Task<ContentDigest> PutAsync(AttemptId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // While the disk is at work.
        var digest = Task.Run(() => ContentDigest.Of(bytes.Span), CancellationToken.None);
        await DurableFile.WriteAsync(PathOf(id), bytes, cancellationToken);
        return await digest;
    }

    /// <summary>Opens an update's bytes, to be read in large pieces.</summary>
    public Stream Open(AttemptId id) => Open(id, 0);

    /// <summary>Whether the file is there with exactly the bytes of a digest.</summary>
    public async Task<bool> HoldsAsync(AttemptId id, ContentDigest digest, CancellationToken cancellationToken)
    {
        try
        {
            await using var bytes = Open(id, CheckBytes);
            return ContentDigest.FromHash(await SHA256.HashDataAsync(bytes, cancellationToken)) == digest;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Deletes a settled update.</summary>
    public void Delete(AttemptId id) => File.Delete(PathOf(id));

    private FileStream Open(AttemptId id, int bufferBytes) =>
        new(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferBytes, FileOptions.Asynchronous);

    private string PathOf(AttemptId id) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{id.Run}.{id.Round}.{id.Attempt}{Suffix}"));
}

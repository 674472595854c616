using System.Globalization;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Finished updates on the site's disk, each kept until its outcome is settled.</summary>
/// <remarks>A file is flushed before the participant records it. A file that no participant knows was left by a crash in between.</remarks>
internal sealed class Outbox
{
    private const string Suffix = ".update";
    private readonly string _folder;

    public Outbox(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
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

    /// <summary>Puts an update on the disk, whole, flushed.</summary>
    public async Task<ContentDigest> PutAsync(AttemptId id, ParameterVector update, CancellationToken cancellationToken)
    {
        var bytes = update.ToBytes();
        var part = PathOf(id) + ".part";
        using (var handle = File.OpenHandle(part, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, bytes.Length))
        {
            await RandomAccess.WriteAsync(handle, bytes, 0, cancellationToken);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(part, PathOf(id), overwrite: true);
        return ContentDigest.Of(bytes);
    }

    /// <summary>Opens an update's bytes.</summary>
    public Stream Open(AttemptId id) =>
        new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 20, FileOptions.Asynchronous);

    /// <summary>Whether the file is there.</summary>
    public bool Contains(AttemptId id) => File.Exists(PathOf(id));

    /// <summary>Deletes a settled update.</summary>
    public void Delete(AttemptId id) => File.Delete(PathOf(id));

    private string PathOf(AttemptId id) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{id.Run}.{id.Round}.{id.Attempt}{Suffix}"));
}

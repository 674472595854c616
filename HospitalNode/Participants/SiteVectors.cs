using System.Globalization;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Participants;

/// <summary>Vectors of one kind that a participant keeps across the rounds of a run, on the site's disk: they never leave it, and are as large as a model.</summary>
/// <remarks>
/// The participant's stored state names the file that is current and, with an update in the outbox, the one that will be current if it is
/// included. Runs end without a word to the site, so that only the newest files are kept.
/// </remarks>
internal sealed class SiteVectors
{
    private readonly string _folder;
    private readonly string _kind;
    private readonly int _kept;

    /// <param name="folder">Where they are kept; made where it is missing.</param>
    /// <param name="kind">What they are, which is the end of their files' names.</param>
    /// <param name="kept">How many are kept at most.</param>
    public SiteVectors(string folder, string kind, int kept)
    {
        (_kind, _kept) = (kind, kept);
        _folder = Directory.CreateDirectory(folder).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Puts what an attempt leaves on the disk, whole, flushed.</summary>
    public async Task<VectorEntry> PutAsync(AttemptId id, ParameterVector vector, CancellationToken cancellationToken)
    {
        await DurableFile.WriteAsync(PathOf(id), vector.AsBytes(), cancellationToken);
        foreach (var old in new DirectoryInfo(_folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(_kept))
        {
            old.Delete();
        }

        return new VectorEntry { Id = id, Digest = vector.Digest };
    }

    /// <summary>Reads one; null where the file is gone, or is not what it was.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="length">Number of parameters, which bounds what is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ParameterVector?> ReadAsync(VectorEntry entry, int length, CancellationToken cancellationToken)
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
            var vector = buffer.ToVector();
            return vector.Digest == entry.Digest ? vector : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Deletes one that nothing names any more.</summary>
    public void Delete(AttemptId id) => File.Delete(PathOf(id));

    /// <summary>Deletes what is no longer named once an attempt is settled. Those of other attempts may be of a job at work.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="before">What was current before.</param>
    /// <param name="current">What is now.</param>
    public void Settle(AttemptId id, VectorEntry? before, VectorEntry? current)
    {
        if (current?.Id != id)
        {
            Delete(id);
        }

        if (before is not null && before != current)
        {
            Delete(before.Id);
        }
    }

    private string PathOf(AttemptId id) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{id.Run}.{id.Round}.{id.Attempt}.{_kind}"));
}

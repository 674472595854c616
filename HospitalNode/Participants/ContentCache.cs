using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Participants;

/// <summary>Plans and models by digest on the site's disk. A download goes on where it stopped; what does not fit its digest is thrown away.</summary>
internal sealed class ContentCache : IDisposable
{
    private const int Kept = 16;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly string _folder;
    private readonly IHospitalLink _link;

    public ContentCache(string folder, IHospitalLink link) => (_folder, _link) = (Directory.CreateDirectory(folder).FullName, link);

    /// <summary>A blob's bytes, downloaded where they are not here yet.</summary>
    /// <param name="digest">Which blob.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived stays.</param>
    /// <param name="moved">Told whenever bytes have arrived.</param>
    /// <exception cref="IOException">The centre does not have it, or sends other bytes.</exception>
    public async Task<byte[]> GetAsync(ContentDigest digest, CancellationToken cancellationToken, Action? moved = null)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await FindOrDownloadAsync(digest, moved ?? (() => { }), cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<byte[]> FindOrDownloadAsync(ContentDigest digest, Action moved, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, digest.Hex);
        if (File.Exists(path))
        {
            var known = await File.ReadAllBytesAsync(path, cancellationToken);
            if (ContentDigest.Of(known) == digest)
            {
                return known;
            }

            File.Delete(path);
        }

        var part = path + ".part";
        await using (var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 20, FileOptions.Asynchronous))
        {
            target.Position = target.Length;
            await using var metered = new MeteredStream(target, moved);
            if (!await _link.DownloadAsync(digest, target.Length, metered, cancellationToken))
            {
                throw new IOException($"The centre has no content {digest.Short}.");
            }
        }

        var bytes = await File.ReadAllBytesAsync(part, cancellationToken);
        if (ContentDigest.Of(bytes) != digest)
        {
            File.Delete(part);
            throw new IOException($"The content received is not {digest.Short}.");
        }

        DurableFile.Publish(part, path);
        Trim();
        return bytes;
    }

    private void Trim()
    {
        foreach (var old in new DirectoryInfo(_folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Kept))
        {
            old.Delete();
        }
    }
}

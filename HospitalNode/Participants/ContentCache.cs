using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Plans and models by digest on the site's disk. A download goes on where it stopped; what does not fit its digest is thrown away.</summary>
internal sealed class ContentCache : IDisposable
{
    private const int Kept = 16;
    private const long DefaultKeptBytes = 256L << 20;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly string _folder;
    private readonly IHospitalLink _link;
    private readonly long _keptBytes;

    /// <summary>Uses a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="link">Where what is missing is downloaded.</param>
    /// <param name="keptBytes">Bytes that are kept, 256 MiB by default; the newest content stays even if it is larger.</param>
    public ContentCache(string folder, IHospitalLink link, long keptBytes = DefaultKeptBytes) =>
        (_folder, _link, _keptBytes) = (Directory.CreateDirectory(folder).FullName, link, keptBytes);

    /// <summary>A blob's bytes, downloaded where they are not here yet.</summary>
    /// <param name="digest">Which blob.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived stays.</param>
    /// <exception cref="IOException">The centre does not have it, or sends other bytes.</exception>
    public Task<byte[]> GetAsync(ContentDigest digest, CancellationToken cancellationToken) => GetAsync(
        digest,
        null,
        async path =>
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            return ContentDigest.Of(bytes) == digest ? bytes : null;
        },
        cancellationToken);

    /// <summary>A model, downloaded where it is not here yet, and read straight into its vector: a large one is in memory once.</summary>
    /// <param name="digest">Which model.</param>
    /// <param name="length">Its number of parameters, which bounds what is read.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived stays.</param>
    /// <param name="moved">Told whenever bytes have arrived: how many are here, and of how many.</param>
    /// <exception cref="IOException">The centre does not have it, or sends other bytes.</exception>
    public Task<ParameterVector> GetVectorAsync(
        ContentDigest digest, int length, CancellationToken cancellationToken, Action<long, long>? moved = null) => GetAsync(
        digest,
        moved is null ? null : here => moved(here, (long)length * sizeof(float)),
        async path =>
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
            if (file.Length != (long)length * sizeof(float))
            {
                return null;
            }

            var buffer = new ParameterBuffer(length);
            await file.ReadExactlyAsync(buffer.Payload, cancellationToken);
            var vector = buffer.ToVector();
            return vector.Digest == digest ? vector : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>What a file holds, by a reading that gives null where the bytes are not those of the digest.</summary>
    private async Task<T> GetAsync<T>(ContentDigest digest, Action<long>? moved, Func<string, Task<T?>> read, CancellationToken cancellationToken)
        where T : class
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await FindOrDownloadAsync(digest, moved ?? (_ => { }), read, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<T> FindOrDownloadAsync<T>(
        ContentDigest digest, Action<long> moved, Func<string, Task<T?>> read, CancellationToken cancellationToken)
        where T : class
    {
        var path = Path.Combine(_folder, digest.Hex);
        if (File.Exists(path))
        {
            if (await read(path) is { } known)
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

        if (await read(part) is not { } received)
        {
            File.Delete(part);
            throw new IOException($"The content received is not {digest.Short}.");
        }

        // Not flushed: whatever a power cut leaves of it is checked against its digest before it is used, and downloaded again.
        File.Move(part, path, overwrite: true);
        Trim(path);
        return received;
    }

    /// <summary>Deletes the oldest: what has just come stays, however large it is.</summary>
    private void Trim(string received)
    {
        var bytes = new FileInfo(received).Length;
        var older = new DirectoryInfo(_folder).EnumerateFiles().Where(file => file.FullName != received).OrderByDescending(file => file.LastWriteTimeUtc);
        foreach (var (index, file) in older.Index())
        {
            bytes += file.Length;
            if (index + 1 >= Kept || bytes > _keptBytes)
            {
                file.Delete();
            }
        }
    }
}

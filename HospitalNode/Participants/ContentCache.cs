using FederatedOrleans.Diagnostics;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Site.Link;

namespace FederatedOrleans.Site.Participants;

/// <summary>Plans and models by digest on the site's disk. A download goes on where it stopped; what does not fit its digest is thrown away.</summary>
internal sealed class ContentCache : IDisposable
{
    private const int Kept = 16;
    private const long DefaultKeptBytes = 256L << 20;
    private const int FileBufferBytes = 64 * 1024;
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
    public Task<byte[]> GetAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        return GetAsync(
            digest,
            ReadAsync,
            async part =>
            {
                await using (var target = new FileStream(
                    part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, FileBufferBytes, FileOptions.Asynchronous))
                {
                    target.Position = target.Length;
                    await DownloadAsync(digest, target, cancellationToken);
                }

                return await ReadAsync(part);
            },
            cancellationToken);

        async Task<byte[]?> ReadAsync(string path)
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            return ContentDigest.Of(bytes) == digest ? bytes : null;
        }
    }

    /// <summary>A model, downloaded where it is not here yet, and read straight into its vector: a large one is in memory once.</summary>
    /// <param name="digest">Which model.</param>
    /// <param name="length">Its number of parameters, which bounds what is read.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived stays.</param>
    /// <param name="moved">Told whenever bytes have arrived: how many are here, and of how many.</param>
    /// <exception cref="IOException">The centre does not have it, or sends other bytes.</exception>
    public Task<ParameterVector> GetVectorAsync(
        ContentDigest digest, int length, CancellationToken cancellationToken, Action<long, long>? moved = null)
    {
        return GetAsync(
            digest,
            ReadAsync,
            async part =>
            {
                try
                {
                    return await DownloadVectorAsync(part);
                }
                catch
                {
                    // The next try has a vector of its own: a model must not be in memory as often as its download breaks.
                    LargeMemory.Release((long)length * sizeof(float));
                    throw;
                }
            },
            cancellationToken);

        async Task<ParameterVector?> ReadAsync(string path)
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
        }

        async Task<ParameterVector?> DownloadVectorAsync(string part)
        {
            var download = new ModelDownload(part, length);
            await using var metered = new MeteredStream(download, here => moved?.Invoke(here, (long)length * sizeof(float)));
            await download.BeginAsync(cancellationToken);
            await DownloadAsync(digest, metered, cancellationToken);
            return await download.EndAsync(digest, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>What a file holds or will hold, by ways to read and to download it that give null where the bytes are not the digest's.</summary>
    private async Task<T> GetAsync<T>(
        ContentDigest digest, Func<string, Task<T?>> read, Func<string, Task<T?>> download, CancellationToken cancellationToken)
        where T : class
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await FindOrDownloadAsync(digest, read, download);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<T> FindOrDownloadAsync<T>(ContentDigest digest, Func<string, Task<T?>> read, Func<string, Task<T?>> download)
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
        if (await download(part) is not { } received)
        {
            File.Delete(part);
            throw new IOException($"The content received is not {digest.Short}.");
        }

        // Not flushed: whatever a power cut leaves of it is checked against its digest before it is used, and downloaded again.
        File.Move(part, path, overwrite: true);
        Trim(path);
        return received;
    }

    private async Task DownloadAsync(ContentDigest digest, Stream target, CancellationToken cancellationToken)
    {
        if (!await _link.DownloadAsync(digest, target.Length, target, cancellationToken))
        {
            throw new IOException($"The centre has no content {digest.Short}.");
        }
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

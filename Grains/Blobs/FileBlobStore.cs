using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Blobs as files named by their digest, in 256 folders. A file appears whole or not at all.</summary>
public sealed class FileBlobStore : IBlobStore
{
    private readonly string _folder;

    /// <summary>Uses a folder, which is made where it is missing.</summary>
    public FileBlobStore(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var left in Directory.EnumerateFiles(_folder, "*.part", SearchOption.AllDirectories))
        {
            // What an earlier process did not finish was never named by a digest.
            File.Delete(left);
        }
    }

    /// <inheritdoc/>
    public async Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var digest = ContentDigest.Of(content.Span);
        var path = PathOf(digest);
        if (File.Exists(path))
        {
            return digest;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = $"{path}.{Guid.NewGuid():N}.part";
        using (var handle = File.OpenHandle(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, content.Length))
        {
            await RandomAccess.WriteAsync(handle, content, 0, cancellationToken);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(part, path, overwrite: true);
        return digest;
    }

    /// <inheritdoc/>
    public Stream? Open(ContentDigest digest)
    {
        var path = PathOf(digest);
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 128 * 1024, FileOptions.Asynchronous)
            : null;
    }

    private string PathOf(ContentDigest digest) => Path.Combine(_folder, digest.Hex[..2], digest.Hex);
}

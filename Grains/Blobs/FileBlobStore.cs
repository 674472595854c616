using System.Security.Cryptography;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Blobs as files named by their digest, in 256 folders. A file appears whole or not at all, and what was put survives a power cut.</summary>
public sealed class FileBlobStore : IBlobStore
{
    private const int LargestBuffer = 128 * 1024;

    private readonly string _folder;
    private readonly Action<string> _flushFolder;

    /// <summary>Uses a folder, which is made where it is missing.</summary>
    public FileBlobStore(string folder)
        : this(folder, FolderFlush.Flush)
    {
    }

    /// <summary>Uses a folder, with another way to make a folder's entries durable.</summary>
    internal FileBlobStore(string folder, Action<string> flushFolder)
    {
        _flushFolder = flushFolder;
        _folder = Path.TrimEndingDirectorySeparator(Directory.CreateDirectory(folder).FullName);
        if (Path.GetDirectoryName(_folder) is { } parent)
        {
            _flushFolder(parent);
        }

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
        var folder = Path.GetDirectoryName(path)!;
        if (await HoldsAsync(path, content.Length, digest, cancellationToken))
        {
            // Whoever put it first may have died between the rename and the flush.
            _flushFolder(folder);
            return digest;
        }

        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            _flushFolder(_folder);
        }

        var part = $"{path}.{Guid.NewGuid():N}.part";
        using (var handle = File.OpenHandle(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, content.Length))
        {
            await RandomAccess.WriteAsync(handle, content, 0, cancellationToken);
            RandomAccess.FlushToDisk(handle);
        }

        // The flush of a file keeps its bytes, not its name: that is an entry of the folder.
        File.Move(part, path, overwrite: true);
        _flushFolder(folder);
        return digest;
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default)
    {
        var path = PathOf(digest);
        return ValueTask.FromResult<Stream?>(File.Exists(path) ? Read(path) : null);
    }

    /// <summary>Whether the file is there undamaged: what has been damaged on the disk is repaired by being put again.</summary>
    private static async Task<bool> HoldsAsync(string path, int length, ContentDigest digest, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        await using var stream = Read(path);
        return stream.Length == length && ContentDigest.FromHash(await SHA256.HashDataAsync(stream, cancellationToken)) == digest;
    }

    private static FileStream Read(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
        try
        {
            // No larger than the file: a whole buffer for each download of a small model would keep the garbage collector busy.
            return new FileStream(handle, FileAccess.Read, (int)Math.Clamp(RandomAccess.GetLength(handle), 1, LargestBuffer), isAsync: true);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private string PathOf(ContentDigest digest) => Path.Combine(_folder, digest.Hex[..2], digest.Hex);
}

using System.Security.Cryptography;
using FederatedOrleans.Identity;
using Microsoft.Win32.SafeHandles;

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
        if (content.Length > IBlobStore.PieceBytes)
        {
            return await PutAsync(content.Length, Copy, cancellationToken);
        }

        var digest = ContentDigest.Of(content.Span);
        return await FindAsync(digest, content.Length, cancellationToken)
            ? digest
            : await PutPartAsync(content.Length, file => Task.Run(() => Write(file), cancellationToken), cancellationToken);

        ValueTask Copy(long start, Memory<byte> piece, CancellationToken stop)
        {
            content.Slice((int)start, piece.Length).CopyTo(piece);
            return ValueTask.CompletedTask;
        }

        ContentDigest Write(SafeFileHandle file)
        {
            RandomAccess.Write(file, content.Span, 0);
            RandomAccess.FlushToDisk(file);
            return digest;
        }
    }

    /// <inheritdoc/>
    public async Task<ContentDigest> PutAsync(long length, MakePiece make, CancellationToken cancellationToken = default)
    {
        if (length > IBlobStore.PieceBytes)
        {
            return await PutPartAsync(length, file => SlicedWrite.WriteAsync(file, length, make, cancellationToken), cancellationToken);
        }

        var content = new byte[length];
        cancellationToken.ThrowIfCancellationRequested();
        if (length > 0)
        {
            await make(0, content, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await PutAsync(content, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default)
    {
        var path = PathOf(digest);
        return ValueTask.FromResult<Stream?>(File.Exists(path) ? Read(path) : null);
    }

    /// <summary>Whether the content is there undamaged: what has been damaged on the disk is repaired by being put again.</summary>
    private async Task<bool> FindAsync(ContentDigest digest, long length, CancellationToken cancellationToken)
    {
        var path = PathOf(digest);
        if (!File.Exists(path))
        {
            return false;
        }

        await using (var stream = Read(path))
        {
            if (stream.Length != length || ContentDigest.FromHash(await SHA256.HashDataAsync(stream, cancellationToken)) != digest)
            {
                return false;
            }
        }

        // Whoever put it first may have died between the rename and the flush.
        _flushFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Has a new file written and flushed, and gives it the name that its digest is, unless that content is there.</summary>
    private async Task<ContentDigest> PutPartAsync(long length, Func<SafeFileHandle, Task<ContentDigest>> write, CancellationToken cancellationToken)
    {
        var part = Path.Combine(_folder, $"{Guid.NewGuid():N}.part");
        try
        {
            ContentDigest digest;
            using (var file = File.OpenHandle(part, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, preallocationSize: length))
            {
                digest = await write(file);
            }

            if (await FindAsync(digest, length, cancellationToken))
            {
                File.Delete(part);
            }
            else
            {
                Publish(part, digest);
            }

            return digest;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Gives a flushed file its name.</summary>
    private void Publish(string part, ContentDigest digest)
    {
        var path = PathOf(digest);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            _flushFolder(_folder);
        }

        // The flush of a file keeps its bytes, not its name: that is an entry of the folder.
        File.Move(part, path, overwrite: true);
        _flushFolder(folder);
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

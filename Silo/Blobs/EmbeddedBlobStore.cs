using FederatedOrleans.Identity;
using FederatedOrleans.Observing;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Blobs;

/// <summary>Blobs of one Silo without a database server: short ones in one SQLite file, others as files of their own.</summary>
/// <remarks>
/// Every round puts a manifest and a model. A short one costs one flush here instead of the making, renaming and flushing of a file and its
/// folder, which takes several times as long.
/// </remarks>
internal sealed class EmbeddedBlobStore : IBlobStore, IDisposable
{
    /// <summary>Longest content of the SQLite file, in bytes.</summary>
    public const int LongestShort = 64 * 1024;

    private readonly SqliteContents _short;
    private readonly FileBlobStore _files;
    private readonly FederationMetrics _metrics;

    /// <summary>Uses a file and a folder, which is made where it is missing.</summary>
    /// <param name="contents">The SQLite file of the short contents, which is closed with this.</param>
    /// <param name="folder">The folder of the others; short ones that earlier versions put there are found too.</param>
    /// <param name="metrics">Count what is stored.</param>
    public EmbeddedBlobStore(SqliteContents contents, string folder, FederationMetrics metrics) =>
        (_short, _files, _metrics) = (contents, new FileBlobStore(folder), metrics);

    /// <inheritdoc/>
    public Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        if (content.Length > LongestShort)
        {
            return _files.PutAsync(content, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var digest = ContentDigest.Of(content.Span);
        if (_short.Put(KeyOf(digest), content.ToArray()))
        {
            _metrics.BlobStored();
        }

        return Task.FromResult(digest);
    }

    /// <inheritdoc/>
    public async Task<ContentDigest> PutAsync(long length, MakePiece make, CancellationToken cancellationToken = default)
    {
        if (length > LongestShort)
        {
            return await _files.PutAsync(length, make, cancellationToken);
        }

        var content = new byte[length];
        if (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await make(0, content, cancellationToken);
        }

        return await PutAsync(content, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default)
    {
        if (digest.IsNone)
        {
            return null;
        }

        var content = _short.Find(KeyOf(digest));
        if (content is not null && ContentDigest.Of(content) == digest)
        {
            return new MemoryStream(content, writable: false);
        }

        // What is damaged must not hide an intact file; where there is none either, the reader sees the damage rather than nothing.
        return await _files.OpenAsync(digest, cancellationToken) ?? (content is null ? null : new MemoryStream(content, writable: false));
    }

    /// <inheritdoc/>
    public void Dispose() => _short.Dispose();

    private static byte[] KeyOf(ContentDigest digest) => Convert.FromHexString(digest.Hex);
}

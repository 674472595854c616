using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CommunityToolkit.HighPerformance;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;

namespace FederatedOrleans.Blobs;

/// <summary>A stored model that is read part by part, and is never in memory whole.</summary>
internal sealed class ModelParts : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly ContentDigest _digest;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private ModelParts(Stream stream, ContentDigest digest) => (_stream, _digest) = (stream, digest);

    /// <summary>Opens a model.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="digest">The model.</param>
    /// <param name="length">Its number of parameters.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FederationException">It is not there, or of another length.</exception>
    public static async Task<ModelParts> OpenAsync(IBlobStore blobs, ContentDigest digest, int length, CancellationToken cancellationToken = default)
    {
        var stream = await blobs.OpenAsync(digest, cancellationToken)
            ?? throw new FederationException($"The content {digest.Short} is missing from the store.");
        if (stream.Length == (long)length * sizeof(float))
        {
            return new(stream, digest);
        }

        await stream.DisposeAsync();
        throw Damaged(digest);
    }

    /// <summary>Reads the next part. What was made of all parts is worth nothing if the last one's reading throws.</summary>
    /// <param name="part">To be filled; all parts together are as long as the model.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FederationException">It was the last, and the model's bytes have another digest.</exception>
    public async ValueTask ReadAsync(Memory<float> part, CancellationToken cancellationToken = default)
    {
        await _stream.ReadExactlyAsync(part.AsBytes(), cancellationToken);
        if (_stream is FileStream file)
        {
            // From the beginning: the system keeps pieces that are larger than a part, and lets go of whole ones.
            FileCache.LetGo(file.SafeFileHandle, _stream.Position);
        }

        _hash.AppendData(MemoryMarshal.AsBytes(part.Span));
        ParameterVector.ToMachineOrder(part.Span);
        if (_stream.Position == _stream.Length && ContentDigest.FromHash(_hash.GetCurrentHash()) != _digest)
        {
            throw Damaged(_digest);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _stream.DisposeAsync();
    }

    private static FederationException Damaged(ContentDigest digest) => new($"The content {digest.Short} is damaged in the store.");
}

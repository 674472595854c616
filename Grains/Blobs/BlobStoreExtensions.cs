using FederatedOrleans.Identity;
using FederatedOrleans.Models;

namespace FederatedOrleans.Blobs;

/// <summary>Reading of whole blobs.</summary>
public static class BlobStoreExtensions
{
    /// <summary>The whole content.</summary>
    /// <exception cref="FederationException">It is not there, or its bytes have another digest.</exception>
    public static async Task<byte[]> ReadAllAsync(this IBlobStore blobs, ContentDigest digest, CancellationToken cancellationToken = default)
    {
        await using var stream = await blobs.OpenAsync(digest, cancellationToken)
            ?? throw new FederationException($"The content {digest.Short} is missing from the store.");
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)stream.Length));
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return ContentDigest.Of(bytes) == digest
            ? bytes
            : throw new FederationException($"The content {digest.Short} is damaged in the store.");
    }

    /// <summary>A whole model, read straight into its vector.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="digest">The model.</param>
    /// <param name="length">Its number of parameters.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FederationException">It is not there, or its bytes have another digest.</exception>
    public static async Task<ParameterVector> ReadVectorAsync(
        this IBlobStore blobs, ContentDigest digest, int length, CancellationToken cancellationToken = default)
    {
        await using var stream = await blobs.OpenAsync(digest, cancellationToken) ?? throw new FederationException($"The content {digest.Short} is missing from the store.");
        ParameterVector? vector = null;
        if (stream.Length == (long)length * sizeof(float))
        {
            var buffer = new ParameterBuffer(length);
            await stream.ReadExactlyAsync(buffer.Payload, cancellationToken);
            vector = buffer.ToVector();
        }

        return vector?.Digest == digest ? vector : throw new FederationException($"The content {digest.Short} is damaged in the store.");
    }
}

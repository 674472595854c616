using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Reading of blobs, checked.</summary>
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
}

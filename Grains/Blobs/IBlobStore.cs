using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Plans, models and manifests, addressed by their SHA-256. A stored blob never changes.</summary>
public interface IBlobStore
{
    /// <summary>Stores a content durably and gives its digest; storing it again changes nothing.</summary>
    Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Opens a content for reading, or null where it is not there.</summary>
    Stream? Open(ContentDigest digest);
}

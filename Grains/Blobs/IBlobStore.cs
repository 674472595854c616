using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Plans, models, manifests and pages of committed rounds, addressed by their SHA-256. A stored blob never changes.</summary>
public interface IBlobStore
{
    /// <summary>Stores a content durably and gives its digest; storing it again changes nothing. Nobody ever sees half of it.</summary>
    /// <exception cref="IOException">The store can't be written to now.</exception>
    Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Opens a content for asynchronous reading from any position, or null where it is not there.</summary>
    /// <exception cref="IOException">The store can't be read now.</exception>
    ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default);
}

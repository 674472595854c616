using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Plans, models, manifests and pages of committed rounds, addressed by their SHA-256. A stored blob never changes.</summary>
public interface IBlobStore
{
    /// <summary>Most bytes of a piece that <see cref="PutAsync(long, MakePiece, CancellationToken)"/> has made at once.</summary>
    const int PieceBytes = 1 << 20;

    /// <summary>Stores a content durably and gives its digest; storing it again changes nothing. Nobody ever sees half of it.</summary>
    /// <exception cref="IOException">The store can't be written to now.</exception>
    Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>As the other, of a content that is made while it is stored: a large one need not be in memory whole.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="make">Makes each piece, one after the other, of <see cref="PieceBytes"/> but the last. Where it throws, nothing is stored.</param>
    /// <param name="cancellationToken">Ends it; nothing is stored then.</param>
    /// <exception cref="IOException">The store can't be written to now.</exception>
    Task<ContentDigest> PutAsync(long length, MakePiece make, CancellationToken cancellationToken = default);

    /// <summary>Opens a content for asynchronous reading from any position, or null where it is not there.</summary>
    /// <exception cref="IOException">The store can't be read now.</exception>
    ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default);
}

namespace FederatedOrleans.Blobs;

/// <summary>Makes a piece of a content that is being stored.</summary>
/// <param name="start">Where the piece begins in the content.</param>
/// <param name="piece">To be filled.</param>
/// <param name="cancellationToken">Ends it.</param>
public delegate ValueTask MakePiece(long start, Memory<byte> piece, CancellationToken cancellationToken);

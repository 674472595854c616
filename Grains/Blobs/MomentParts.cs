using System.Collections.Immutable;
using CommunityToolkit.HighPerformance;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;

namespace FederatedOrleans.Blobs;

/// <summary>Stored vectors of one length that lie one after the other in one blob, read side by side.</summary>
/// <remarks>For what was stored a moment ago: its digest, which says what all of it is, is not looked at.</remarks>
internal sealed class MomentParts : IAsyncDisposable
{
    private readonly ImmutableArray<Stream> _streams;

    private MomentParts(ImmutableArray<Stream> streams) => _streams = streams;

    /// <summary>Opens the vectors.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="digest">The blob; not looked at where there are no vectors.</param>
    /// <param name="count">Vectors in it.</param>
    /// <param name="length">Values of each.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FederationException">The blob is not there.</exception>
    public static async Task<MomentParts> OpenAsync(
        IBlobStore blobs, ContentDigest digest, int count, int length, CancellationToken cancellationToken = default)
    {
        var streams = ImmutableArray.CreateBuilder<Stream>(count);
        for (var vector = 0; vector < count; vector++)
        {
            var stream = await blobs.OpenAsync(digest, cancellationToken)
                ?? throw new FederationException($"The content {digest.Short} is missing from the store.");
            stream.Position = (long)vector * length * sizeof(float);
            streams.Add(stream);
        }

        return new(streams.ToImmutable());
    }

    /// <summary>Reads the next part of each vector, one after the other.</summary>
    /// <param name="parts">To be filled; as many values for each.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask ReadAsync(Memory<float> parts, CancellationToken cancellationToken = default)
    {
        var length = _streams.IsEmpty ? 0 : parts.Length / _streams.Length;
        foreach (var (vector, stream) in _streams.Index())
        {
            await stream.ReadExactlyAsync(parts.Slice(vector * length, length).AsBytes(), cancellationToken);
        }

        ParameterVector.ToMachineOrder(parts.Span);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }
    }
}

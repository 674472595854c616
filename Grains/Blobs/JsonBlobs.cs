using System.Text.Json;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Blobs;

/// <summary>Values of one type as JSON blobs. Those put or read last are kept in memory: what a blob holds never changes.</summary>
/// <param name="blobs">The store.</param>
/// <param name="kept">How many are kept at most.</param>
/// <typeparam name="T">Type of the values; nobody changes one that was put or read.</typeparam>
internal sealed class JsonBlobs<T>(IBlobStore blobs, int kept)
    where T : notnull
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<ContentDigest, T> _known = [];

    public async Task<ContentDigest> PutAsync(T value, CancellationToken cancellationToken)
    {
        var digest = await blobs.PutAsync(JsonSerializer.SerializeToUtf8Bytes(value, Format), cancellationToken);
        Keep(digest, value);
        return digest;
    }

    public async ValueTask<T> ReadAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(digest, out var known))
        {
            return known;
        }

        var value = JsonSerializer.Deserialize<T>(await blobs.ReadAllAsync(digest, cancellationToken), Format)
            ?? throw new FederationException($"The content {digest.Short} is empty.");
        Keep(digest, value);
        return value;
    }

    private void Keep(ContentDigest digest, T value)
    {
        if (_known.Count >= kept)
        {
            _known.Clear();
        }

        _known[digest] = value;
    }
}

using System.Text.Json;
using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>Manifests as JSON blobs, the ones read last kept in memory.</summary>
internal sealed class ManifestStore(IBlobStore blobs)
{
    private const int Kept = 256;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<ContentDigest, RoundManifest> _read = [];

    public async Task<ContentDigest> PutAsync(RoundManifest manifest, CancellationToken cancellationToken)
    {
        var digest = await blobs.PutAsync(JsonSerializer.SerializeToUtf8Bytes(manifest, Format), cancellationToken);
        Keep(digest, manifest);
        return digest;
    }

    public async Task<RoundManifest> ReadAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(digest, out var known))
        {
            return known;
        }

        var manifest = JsonSerializer.Deserialize<RoundManifest>(await blobs.ReadAllAsync(digest, cancellationToken), Format)
            ?? throw new FederationException($"The manifest {digest.Short} is empty.");
        Keep(digest, manifest);
        return manifest;
    }

    private void Keep(ContentDigest digest, RoundManifest manifest)
    {
        if (_read.Count >= Kept)
        {
            _read.Clear();
        }

        _read[digest] = manifest;
    }
}

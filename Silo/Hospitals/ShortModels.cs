using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Hospitals;

/// <summary>Short models as they were read last: all hospitals of a round are told of the same one at the same time.</summary>
internal sealed class ShortModels(IBlobStore blobs)
{
    /// <summary>Longest model that is read, in bytes.</summary>
    public const int Longest = 16 * 1024;

    private const int Most = 64;

    private readonly Lock _guard = new();
    private readonly Dictionary<ContentDigest, Task<byte[]?>> _models = [];

    /// <summary>The bytes of a model, which nobody may change; null of a longer one, and where the store can't be read now.</summary>
    /// <remarks>Whoever asks while another still reads waits for the same reading.</remarks>
    public async Task<byte[]?> ReadAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await Begin(digest).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // The store is away, or the model damaged in it: the hospital finds out when it downloads it, and the next that asks reads again.
            return null;
        }
    }

    private Task<byte[]?> Begin(ContentDigest digest)
    {
        lock (_guard)
        {
            if (_models.TryGetValue(digest, out var known) && !known.IsFaulted && !known.IsCanceled)
            {
                return known;
            }

            if (_models.Count >= Most)
            {
                _models.Clear();
            }

            return _models[digest] = ReadStoredAsync(digest);
        }
    }

    private async Task<byte[]?> ReadStoredAsync(ContentDigest digest)
    {
        // Not under the guard: whoever asks for another model waits for no store.
        await Task.Yield();
        await using var stored = await blobs.OpenAsync(digest, CancellationToken.None)
            ?? throw new FileNotFoundException($"There is no content {digest.Short}.");
        if (stored.Length > Longest)
        {
            return null;
        }

        var bytes = new byte[stored.Length];
        await stored.ReadExactlyAsync(bytes, CancellationToken.None);
        return bytes;
    }
}

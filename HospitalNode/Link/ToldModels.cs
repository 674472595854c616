using System.Collections.Concurrent;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Site.Link;

/// <summary>Short models that came along with what the centre told, until they are asked for: each once, so that one that was wrong is downloaded.</summary>
internal sealed class ToldModels
{
    // Of a centre that is asked for more a hospital downloads the rest.
    private const int Most = 8;
    private const int LongestBytes = 64 * 1024;

    private readonly ConcurrentDictionary<ContentDigest, ReadOnlyMemory<byte>> _models = [];

    /// <summary>Keeps a model. One that is empty or too long is not.</summary>
    public void Keep(ContentDigest digest, ReadOnlyMemory<byte> model)
    {
        if (model.IsEmpty || model.Length > LongestBytes)
        {
            return;
        }

        if (_models.Count >= Most)
        {
            _models.Clear();
        }

        _models[digest] = model;
    }

    /// <summary>Whether a model is here.</summary>
    public bool Holds(ContentDigest digest) => _models.ContainsKey(digest);

    /// <summary>A model, which is then here no more; null where it is not.</summary>
    public ReadOnlyMemory<byte>? Take(ContentDigest digest) => _models.TryRemove(digest, out var model) ? model : default(ReadOnlyMemory<byte>?);
}

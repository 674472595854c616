using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;

namespace FederatedOrleans.Bench.Links;

/// <summary>What a hospital keeps on its disk in a round, kept as nodes keep it: the model, and the update until the next round.</summary>
/// <param name="folder">Where.</param>
/// <param name="link">Where models come from.</param>
/// <param name="parameters">Of the model.</param>
internal sealed class SiteDisk(string folder, IHospitalLink link, int parameters) : IDisposable
{
    private readonly ContentCache _cache = new(Path.Combine(folder, "cache"), link);
    private readonly Outbox _outbox = new(Path.Combine(folder, "outbox"));
    private (AttemptId Id, ContentDigest Digest)? _put;

    /// <summary>Downloads a model, checks its digest, and keeps it in memory as a trainer has it, and on the disk.</summary>
    public Task DownloadAsync(ContentDigest model, CancellationToken cancellationToken) =>
        _cache.GetVectorAsync(model, parameters, cancellationToken);

    /// <summary>Puts an update on the disk, flushed, unless it is there already, and gives its digest.</summary>
    public async Task<ContentDigest> PutAsync(AttemptId id, ReadOnlyMemory<byte> update, CancellationToken cancellationToken)
    {
        if (_put is var (known, digest) && known == id)
        {
            return digest;
        }

        if (_put is var (settled, _))
        {
            _outbox.Delete(settled);
        }

        var written = await _outbox.PutAsync(id, update, cancellationToken);
        _put = (id, written);
        return written;
    }

    /// <summary>Opens what was put.</summary>
    public Stream Open(AttemptId id) => _outbox.Open(id);

    public void Dispose() => _cache.Dispose();
}

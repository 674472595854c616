using System.Collections.Concurrent;
using FederatedOrleans.Link.Transfers;

namespace FederatedOrleans.Hospitals;

/// <summary>Holds each hospital's models and updates to the bytes a second that the Silo's configuration lets it have, each way for itself.</summary>
/// <remarks>There are no more entries than enrolled hospitals: nobody else comes this far.</remarks>
internal sealed class HospitalPaces(LinkLimits limits, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (BytePacer Up, BytePacer Down)> _pacers = new(StringComparer.Ordinal);

    /// <summary>Most bytes a second; null for no limit.</summary>
    public long? MaxBytesPerSecond => limits.MaxBytesPerSecond;

    /// <summary>The body of an upload, read no faster than that.</summary>
    public Stream Upload(string hospital, Stream body) => PacersOf(hospital) is var (up, _) ? new PacedStream(body, up) : body;

    /// <summary>The content of a download, read no faster than that.</summary>
    public Stream Download(string hospital, Stream content) => PacersOf(hospital) is var (_, down) ? new PacedStream(content, down) : content;

    private (BytePacer Up, BytePacer Down)? PacersOf(string hospital) => limits.MaxBytesPerSecond is { } most
        ? _pacers.GetOrAdd(hospital, _ => (new(most, time), new(most, time)))
        : null;
}

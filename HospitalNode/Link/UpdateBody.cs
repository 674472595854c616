using System.Net;

namespace FederatedOrleans.Site.Link;

/// <summary>The rest of an update as a request body; the stream is read, not disposed.</summary>
internal sealed class UpdateBody(Stream bytes, long length) : HttpContent
{
    private const int CopyBytes = 256 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => bytes.CopyToAsync(stream, CopyBytes);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        bytes.CopyToAsync(stream, CopyBytes, cancellationToken);

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}

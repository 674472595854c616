using System.Net;

namespace FederatedOrleans.Site.Link;

/// <summary>The rest of an update as a request body; the stream is read, not disposed.</summary>
/// <param name="bytes">The update, at where the body begins.</param>
/// <param name="length">Bytes from there on.</param>
/// <param name="moved">Told whenever some of them were taken by the connection.</param>
internal sealed class UpdateBody(Stream bytes, long length, Action moved) : HttpContent
{
    private const int ReadBytes = 256 * 1024;

    // Over a slow line even this takes a while, and whoever waits is to see that it moves.
    private const int WriteBytes = 64 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(length, 1, ReadBytes));
        while (await bytes.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            for (var start = 0; start < read; start += WriteBytes)
            {
                await stream.WriteAsync(buffer.AsMemory(start, Math.Min(WriteBytes, read - start)), cancellationToken);
                moved();
            }
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}

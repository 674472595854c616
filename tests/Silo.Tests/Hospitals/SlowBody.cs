using System.Net;

namespace FederatedOrleans.Hospitals;

/// <summary>A body that trickles until the test lets it end: fast enough for the server, without an end of its own.</summary>
internal sealed class SlowBody(ReadOnlyMemory<byte> bytes, Task release) : HttpContent
{
    private const int First = LinkSilo.ChunkBytes + 1;
    private const int Drop = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await stream.WriteAsync(bytes[..First], cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var sent = First;
        while (!release.IsCompleted)
        {
            await Task.WhenAny(release, Task.Delay(Pause, cancellationToken));
            await stream.WriteAsync(bytes.Slice(sent, Drop), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            sent += Drop;
        }

        await stream.WriteAsync(bytes[sent..], cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}

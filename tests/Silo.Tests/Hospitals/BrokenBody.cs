using System.Net;

namespace FederatedOrleans.Hospitals;

/// <summary>A body that breaks off: after its bytes it waits for the test, then drops the connection.</summary>
internal sealed class BrokenBody(ReadOnlyMemory<byte> bytes, long promised, Func<Task> before) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
        await before();
        throw new IOException("The test's hospital has lost its line.");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = promised;
        return true;
    }
}

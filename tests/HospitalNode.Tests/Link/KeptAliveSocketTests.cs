using System.Net;
using System.Net.Sockets;
using FederatedOrleans.Link.Transfers;

namespace FederatedOrleans.Site.Link;

/// <summary>What the connections of a hospital are told.</summary>
public sealed class KeptAliveSocketTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_asks_after_its_other_end_and_takes_little_beyond_what_the_line_does()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can be told of what is unsent.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connected = new TaskCompletionSource<Socket>();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var stream = (NetworkStream)await KeptAliveSocket.ConnectAsync(context, cancellationToken);
                connected.SetResult(stream.Socket);
                return stream;
            },
        });
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asking = client.GetAsync(new Uri($"http://{listener.LocalEndpoint}"), answered.Token);

        var socket = await connected.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        var unsent = new byte[sizeof(int)];
        Assert.Equal(unsent.Length, socket.GetRawSocketOption(6, 25, unsent));
        Assert.Equal(SendQueue.UnsentBytes, BitConverter.ToInt32(unsent));
        await answered.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}

using System.Net;
using System.Net.Sockets;

namespace FederatedOrleans.Link.Transfers;

/// <summary>Senders that do not run far ahead of their line.</summary>
public sealed class SendQueueTests
{
    private const int ReceiverBytes = 64 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_a_line_that_stands_still_little_is_taken_beyond_what_fits_at_its_end(bool isAccepted)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can be told.");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiverBytes };
        using var dialler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiverBytes };
        SendQueue.Limit(isAccepted ? listener : dialler);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var accepting = listener.AcceptAsync(Token);
        await dialler.ConnectAsync(listener.LocalEndPoint!, Token);
        using var accepted = await accepting;

        var sent = Fill(isAccepted ? accepted : dialler);

        // The system keeps twice of what it was asked for, and a packet of loopback is as long as the limit's half.
        Assert.InRange(sent, SendQueue.UnsentBytes, SendQueue.UnsentBytes + (4 * ReceiverBytes));
    }

    private static long Fill(Socket sender)
    {
        sender.Blocking = false;
        var piece = new byte[16 * 1024];
        for (long sent = 0; ; sent += piece.Length)
        {
            sender.Send(piece, SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                Assert.Equal(SocketError.WouldBlock, error);
                return sent;
            }
        }
    }
}

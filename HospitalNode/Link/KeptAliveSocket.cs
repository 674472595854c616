using System.Net.Sockets;
using FederatedOrleans.Link.Transfers;

namespace FederatedOrleans.Site.Link;

/// <summary>Connections on which the operating system itself asks whether the other end still lives.</summary>
internal static class KeptAliveSocket
{
    private const int IdleSeconds = 30;
    private const int IntervalSeconds = 10;
    private const int Probes = 3;
    private const int SmallBufferBytes = 128 * 1024;

    /// <summary>Connects, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context, null, cancellationToken);

    /// <summary>As <see cref="ConnectAsync(SocketsHttpConnectionContext, CancellationToken)"/>, for a line that is to be spared.</summary>
    /// <remarks>With the system's own buffers of some megabytes, what is read slowly would first come over the line at full speed all the same.</remarks>
    public static ValueTask<Stream> ConnectSlowAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context, SmallBufferBytes, cancellationToken);

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, int? bufferBytes, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (bufferBytes is { } bytes)
            {
                (socket.ReceiveBufferSize, socket.SendBufferSize) = (bytes, bytes);
            }

            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            SendQueue.Limit(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

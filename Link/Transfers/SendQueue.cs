using System.Net.Sockets;

namespace FederatedOrleans.Link.Transfers;

/// <summary>How far a sender may run ahead of its line.</summary>
/// <remarks>
/// The system takes some megabytes of a body before the first of them has left. Whoever sends would call them sent, and by the time that
/// they leave they are no longer in the processor's cache. What is on its way, and with it how fast a long line can be, is not limited here.
/// </remarks>
public static class SendQueue
{
    /// <summary>Bytes that may wait to be sent: enough for the next ones to be made while these go out.</summary>
    public const int UnsentBytes = 128 * 1024;

    // TCP_NOTSENT_LOWAT of Linux's tcp.h.
    private const int Tcp = 6;
    private const int NotSentLowAt = 25;

    /// <summary>Sets the limit for a connection, or for all that a listening socket will accept. On Linux only; elsewhere nothing happens.</summary>
    /// <param name="socket">A TCP socket.</param>
    public static void Limit(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(Tcp, NotSentLowAt, BitConverter.GetBytes(UnsentBytes));
        }
        catch (SocketException)
        {
            // A sandbox in Linux's place that does not know it: transfers go on as they would without.
        }
    }
}

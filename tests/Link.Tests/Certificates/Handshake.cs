using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Tests.Certificates;

/// <summary>What came of one TLS connection over loopback, seen from both ends.</summary>
internal sealed record Handshake(bool Passed, SslProtocols? Protocol, LinkVerdict? RefusedByServer, LinkVerdict? RefusedByClient)
{
    /// <summary>Connects, and counts it as passed only if a byte went each way: in TLS 1.3 the client is done before the server judges it.</summary>
    public static async Task<Handshake> RunAsync(
        Func<Action<LinkVerdict>, SslServerAuthenticationOptions> server,
        Func<Action<LinkVerdict>, SslClientAuthenticationOptions> client,
        CancellationToken cancellationToken)
    {
        LinkVerdict? byServer = null, byClient = null;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var outgoing = new TcpClient();
        await outgoing.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var incoming = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var serverEnd = new SslStream(incoming.GetStream());
        await using var clientEnd = new SslStream(outgoing.GetStream());

        var serving = GuardAsync(serverEnd, async () =>
        {
            await serverEnd.AuthenticateAsServerAsync(server(x => byServer = x), cancellationToken);
            await serverEnd.WriteAsync(new byte[] { 1 }, cancellationToken);
            return await serverEnd.ReadAsync(new byte[1], cancellationToken) == 1;
        });
        var calling = GuardAsync(clientEnd, async () =>
        {
            await clientEnd.AuthenticateAsClientAsync(client(x => byClient = x), cancellationToken);
            await clientEnd.WriteAsync(new byte[] { 2 }, cancellationToken);
            return await clientEnd.ReadAsync(new byte[1], cancellationToken) == 1;
        });
        var results = await Task.WhenAll(serving, calling);
        var passed = results[0] && results[1];
        return new Handshake(passed, passed ? serverEnd.SslProtocol : null, byServer, byClient);
    }

    private static async Task<bool> GuardAsync(SslStream stream, Func<Task<bool>> end)
    {
        try
        {
            return await end();
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException or InvalidOperationException)
        {
            // Closed, so that the other end doesn't wait for a byte that won't come.
            stream.Close();
            return false;
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FederatedOrleans.Bench.Large;

/// <summary>The limit that uploads are held against: bytes through TLS 1.3 over loopback TCP and nothing else, both ends in this process.</summary>
internal static class RawTls
{
    private const int Chunk = 256 * 1024;

    /// <summary>Bytes a second over so many streams at once.</summary>
    public static async Task<double> MeasureAsync(int streams, long bytesEach, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, streams).SelectMany(_ => new[]
        {
            Task.Run(() => ReceiveAsync(listener, certificate, cancellationToken), cancellationToken),
            Task.Run(() => SendAsync((IPEndPoint)listener.LocalEndpoint, certificate, bytesEach, cancellationToken), cancellationToken),
        }));
        return streams * bytesEach / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task ReceiveAsync(TcpListener listener, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        using var client = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls13 }, cancellationToken);
        var buffer = new byte[Chunk];
        while (await tls.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    private static async Task SendAsync(IPEndPoint endpoint, X509Certificate2 expected, long bytes, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint, cancellationToken);
        await using var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => expected.Equals(shown));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "bench", EnabledSslProtocols = SslProtocols.Tls13 }, cancellationToken);
        var buffer = new byte[Chunk];
        RandomNumberGenerator.Fill(buffer);
        for (var left = bytes; left > 0; left -= Chunk)
        {
            await tls.WriteAsync(buffer.AsMemory(0, (int)Math.Min(Chunk, left)), cancellationToken);
        }

        await tls.ShutdownAsync();

        // Until the other end closes: a connection closed over bytes that nobody read would be reset.
        while (await tls.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }
}

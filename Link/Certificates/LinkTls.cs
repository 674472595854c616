using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FederatedOrleans.Link.Certificates;

/// <summary>The TLS settings of both ends: 1.3 only, a certificate on each side, judged by a <see cref="LinkCertificateValidator"/>.</summary>
/// <remarks>Sessions are not resumed, so that each connection shows its certificate and a revoked one can't ride on an old ticket.</remarks>
public static class LinkTls
{
    /// <summary>Settings for the Silo's endpoint.</summary>
    /// <param name="own">The Silo's certificate with its key.</param>
    /// <param name="hospitals">Judges the clients; expects <see cref="LinkRole.Hospital"/>.</param>
    /// <param name="refused">Told each refusal, for the log; called on the connection's thread.</param>
    public static SslServerAuthenticationOptions ServerOptions(
        X509Certificate2 own, LinkCertificateValidator hospitals, Action<LinkVerdict>? refused = null) => new()
        {
            ServerCertificateContext = Context(own),
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PlatformPolicy(),
            RemoteCertificateValidationCallback = Judge(hospitals, refused),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };

    /// <summary>Settings for a hospital's calls.</summary>
    /// <param name="own">The hospital's certificate with its key.</param>
    /// <param name="silo">Judges the server; expects <see cref="LinkRole.Silo"/>.</param>
    /// <param name="refused">Told each refusal, for the log; called on the connection's thread.</param>
    /// <remarks>The host name dialled doesn't matter: the Silo is known by its URI name. The protocols offered are left to the HTTP handler.</remarks>
    public static SslClientAuthenticationOptions ClientOptions(
        X509Certificate2 own, LinkCertificateValidator silo, Action<LinkVerdict>? refused = null) => new()
        {
            ClientCertificateContext = Context(own),
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PlatformPolicy(),
            RemoteCertificateValidationCallback = Judge(silo, refused),
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };

    // Offline: the platform would otherwise look for the issuer on the network.
    private static SslStreamCertificateContext Context(X509Certificate2 own) =>
        SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true);

    // The platform builds a chain of its own before it asks the callback; its result is ignored, and this keeps it from the network.
    private static X509ChainPolicy PlatformPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private static RemoteCertificateValidationCallback Judge(LinkCertificateValidator validator, Action<LinkVerdict>? refused) =>
        (_, certificate, _, _) =>
        {
            var verdict = validator.Validate(certificate as X509Certificate2);
            if (!verdict.IsAccepted)
            {
                refused?.Invoke(verdict);
            }

            return verdict.IsAccepted;
        };
}

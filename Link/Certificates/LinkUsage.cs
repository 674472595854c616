using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FederatedOrleans.Link.Certificates;

/// <summary>The uses that a certificate of the link is issued for, and the check of them.</summary>
internal static class LinkUsage
{
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static string Of(LinkRole role) => role == LinkRole.Silo ? ServerAuthentication : ClientAuthentication;

    /// <summary>What is wrong with the usages of an end's certificate; null when nothing is.</summary>
    public static string? Fault(X509Certificate2 certificate, LinkRole role)
    {
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(x => x.CertificateAuthority))
        {
            return "The certificate is an authority's, not that of an end of the link.";
        }

        var keyUsage = certificate.Extensions.OfType<X509KeyUsageExtension>().ToList();
        if (keyUsage is not [var only] || !only.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            return "The certificate was not issued for digital signatures.";
        }

        var wanted = Of(role);
        var enhanced = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().ToList();
        return enhanced is [var usages] && usages.EnhancedKeyUsages.OfType<Oid>().Any(x => x.Value == wanted)
            ? null
            : $"The certificate was not issued for {(role == LinkRole.Silo ? "server" : "client")} authentication.";
    }
}

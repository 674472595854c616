using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>Whether a certificate and a private key belong together.</summary>
internal static class KeyMatch
{
    public static bool Matches(X509Certificate2 certificate, ECDsa key) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
}

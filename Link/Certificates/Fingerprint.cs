using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Link.Certificates;

/// <summary>Fingerprints as 64 lower-case hexadecimal digits of SHA-256.</summary>
public static class Fingerprint
{
    /// <summary>That of a whole certificate, as <c>openssl x509 -fingerprint -sha256</c> prints it but for colons and case: it pins an
    /// authority.</summary>
    public static string OfCertificate(X509Certificate2 certificate) => ContentDigest.Of(certificate.RawDataMemory.Span).Hex;

    /// <summary>That of a certificate's SubjectPublicKeyInfo: it stands for a hospital's key.</summary>
    public static string OfPublicKey(X509Certificate2 certificate) => ContentDigest.Of(certificate.PublicKey.ExportSubjectPublicKeyInfo()).Hex;

    /// <summary>A fingerprint as a person typed it, without colons, blanks and capitals; null if it isn't one.</summary>
    public static string? Normalize(string text)
    {
        var digits = string.Concat(text.Where(c => c != ':' && !char.IsWhiteSpace(c))).ToLowerInvariant();
        return ContentDigest.TryParse(digits, out var digest) ? digest.Hex : null;
    }
}

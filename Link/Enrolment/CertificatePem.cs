using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>Reads certificates as PEM: one to a text, and nothing else in it.</summary>
internal static class CertificatePem
{
    private const string Label = "CERTIFICATE";

    /// <summary>A certificate as PEM with a line feed at its end.</summary>
    public static string Write(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    /// <summary>Reads the one certificate of a text; null, and a fault, if there isn't exactly one.</summary>
    public static X509Certificate2? Read(string pem, string where, List<string> faults)
    {
        // A key that was pasted along must not travel on with the certificate.
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            faults.Add($"{where} holds a private key, which belongs into no file that is passed on. Take it out.");
            return null;
        }

        if (!PemEncoding.TryFind(pem, out var first) || pem.AsSpan()[first.Label] is not Label)
        {
            faults.Add($"{where} holds no certificate in PEM.");
            return null;
        }

        if (PemEncoding.TryFind(pem.AsSpan()[first.Location.End..], out _))
        {
            faults.Add($"{where} holds more than one certificate.");
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            faults.Add($"{where} holds a certificate that can't be read.");
            return null;
        }
    }

    /// <summary>Reads an authority's certificate; null, and a fault, if the text isn't one.</summary>
    public static X509Certificate2? ReadAuthority(string pem, string where, List<string> faults)
    {
        var certificate = Read(pem, where, faults);
        if (certificate is not null && !IsAuthority(certificate))
        {
            faults.Add($"{where} is not an authority's certificate.");
            certificate.Dispose();
            return null;
        }

        return certificate;
    }

    /// <summary>The fingerprint of an authority given as PEM.</summary>
    /// <exception cref="EnrolmentException">The text is not an authority's certificate.</exception>
    public static string AuthorityFingerprint(string pem, string where)
    {
        var faults = new List<string>();
        using var certificate = ReadAuthority(pem, where, faults);
        EnrolmentException.ThrowIfAny(faults);
        return Fingerprint.OfCertificate(certificate!);
    }

    private static bool IsAuthority(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(x => x.CertificateAuthority)
                && certificate.Extensions.OfType<X509KeyUsageExtension>().Any(x => x.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

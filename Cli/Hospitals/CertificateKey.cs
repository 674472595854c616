using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Cli.Hospitals;

/// <summary>The public key of a certificate, as the centre knows it.</summary>
internal static class CertificateKey
{
    /// <summary>Reads a hospital's certificate.</summary>
    /// <param name="path">A PEM file.</param>
    /// <param name="expected">The name that it must carry.</param>
    /// <param name="now">When it must hold.</param>
    /// <exception cref="FederationException">It is no certificate, somebody else's, or has expired.</exception>
    public static HospitalKey Read(string path, LinkName expected, DateTimeOffset now)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        }
        catch (CryptographicException failure)
        {
            throw new FederationException($"{path} holds no certificate as PEM.", failure);
        }

        using (certificate)
        {
            if (LinkName.Of(certificate) is not { } name)
            {
                throw new FederationException($"The certificate in {path} names no hospital of a federation: it was not made by 'fed ca sign'.");
            }

            if (name != expected)
            {
                throw new FederationException($"The certificate in {path} is that of {name}, not of {expected}.");
            }

            var fingerprint = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
            var key = new HospitalKey(
                fingerprint,
                new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
                new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
            return key.NotAfter > now ? key : throw new FederationException($"The certificate in {path} expired at {key.NotAfter:yyyy-MM-dd HH:mm:ss}Z.");
        }
    }
}

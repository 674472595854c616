using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Hospitals;

namespace FederatedOrleans.Cli.Hospitals;

/// <summary>The public key of a certificate, as the centre knows it.</summary>
internal static class CertificateKey
{
    public static HospitalKey Read(string path, DateTimeOffset now)
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
            var fingerprint = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
            var key = new HospitalKey(
                fingerprint,
                new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
                new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
            return key.NotAfter > now ? key : throw new FederationException($"The certificate in {path} expired at {key.NotAfter:yyyy-MM-dd HH:mm:ss}Z.");
        }
    }
}

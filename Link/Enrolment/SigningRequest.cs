using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>A PKCS#10 request: made beside the key, read by the authority.</summary>
/// <param name="Name">The name that is asked for.</param>
/// <param name="PublicKey">A P-256 key, whose owner signed the request.</param>
internal sealed record SigningRequest(LinkName Name, PublicKey PublicKey)
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int MaxCharacters = 16 * 1024;

    /// <summary>Asks for a name, as PEM with a line feed at its end.</summary>
    public static string Write(LinkName name, ECDsa key)
    {
        var request = new CertificateRequest(Subject(name), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(name.Uri));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequestPem() + "\n";
    }

    /// <summary>Reads the key and the name of a request, after its signature held, and nothing else that it may ask for.</summary>
    /// <exception cref="EnrolmentException">It is no such request.</exception>
    public static SigningRequest Read(string pem)
    {
        if (pem.Length > MaxCharacters)
        {
            throw new EnrolmentException("The request is too large to be one.");
        }

        try
        {
            // "Unsafe" lets the extensions in, among which the name is; none of them is ever copied.
            var request = CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
            if (!IsP256(request.PublicKey))
            {
                throw new EnrolmentException("The request's key is not an elliptic-curve key on P-256.");
            }

            return UriNames.ReadOne(request.CertificateExtensions) is { } name
                ? new SigningRequest(name, request.PublicKey)
                : throw new EnrolmentException("The request doesn't carry exactly one well-formed name of a federation's member.");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or AsnContentException or NotSupportedException)
        {
            throw new EnrolmentException("The request can't be read, or its signature is wrong.", fault);
        }
    }

    /// <summary>The subject for people to read; programs go by the URI.</summary>
    public static X500DistinguishedName Subject(LinkName name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(name.Federation);
        subject.AddCommonName(name.HospitalId ?? "silo");
        return subject.Build();
    }

    private static bool IsP256(PublicKey key)
    {
        using var ecdsa = key.GetECDsaPublicKey();
        return ecdsa is not null && ecdsa.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: P256 };
    }
}

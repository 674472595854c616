using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>An end's folder of identity, whole and checked: key, certificate, pinned authority and addresses.</summary>
/// <remarks>
/// The folder is made where the key will be used, and the key never leaves it: only <c>request.pem</c> is sent, only a certificate comes
/// back. A new key, or a new certificate, is a new kit in a new folder, so that nothing is ever overwritten.
/// </remarks>
public sealed class LinkKit : IDisposable
{
    private readonly LinkKitParts _parts;

    private LinkKit(string folder, LinkKitParts parts, X509Certificate2 certificate, LinkIdentity identity)
    {
        _parts = parts;
        Folder = folder;
        Certificate = certificate;
        Identity = identity;
        Addresses = [.. parts.Document!.Addresses.Select(x => new Uri(x))];
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The own identity.</summary>
    public LinkIdentity Identity { get; }

    /// <summary>The own certificate with its private key. Disposed of with the kit.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The pinned authority. Disposed of with the kit.</summary>
    public X509Certificate2 Authority => _parts.Authority!;

    /// <summary>The SHA-256 of the authority's certificate: 64 lower-case hexadecimal digits.</summary>
    public string AuthorityFingerprint => _parts.Document!.AuthorityFingerprint;

    /// <summary>Where a hospital calls: 1 to 16 addresses <c>https://host:port</c>; none in a Silo's kit.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Makes a hospital's kit from its invitation: the key and the request for a certificate.</summary>
    /// <param name="folder">A folder that doesn't exist, or is empty; only its owner will be able to enter it.</param>
    /// <param name="invitation">The invitation.</param>
    /// <param name="authorityFingerprint">The authority's fingerprint as it was told by another way; checked if given.</param>
    /// <returns>The path of the request to send to the operator.</returns>
    /// <exception cref="EnrolmentException">The fingerprint is not the invitation's, or the folder holds something.</exception>
    public static string Create(string folder, Invitation invitation, string? authorityFingerprint = null)
    {
        if (authorityFingerprint is not null)
        {
            var told = Fingerprint.Normalize(authorityFingerprint)
                ?? throw new EnrolmentException("The fingerprint is not one: it has 64 hexadecimal digits, with or without colons.");
            if (told != invitation.AuthorityFingerprint)
            {
                throw new EnrolmentException(
                    "The invitation's authority has another fingerprint than the one you were told. Don't use it; call the federation's operator.");
            }
        }

        return Create(folder, invitation.Hospital, invitation.AuthorityPem, invitation.Addresses);
    }

    /// <summary>Makes a Silo's kit: the key and the request for a certificate.</summary>
    /// <param name="folder">A folder that doesn't exist, or is empty; only its owner will be able to enter it.</param>
    /// <param name="federation">The federation's id.</param>
    /// <param name="authorityPem">The authority's certificate.</param>
    /// <returns>The path of the request to sign.</returns>
    /// <exception cref="EnrolmentException">An argument is malformed, or the folder holds something.</exception>
    public static string CreateForSilo(string folder, string federation, string authorityPem)
    {
        if (!LinkName.IsId(federation))
        {
            throw new EnrolmentException($"The federation's id must be {Identifier.Rule}.");
        }

        return Create(folder, LinkName.Silo(federation), authorityPem, []);
    }

    /// <summary>Puts the certificate that came back into a kit.</summary>
    /// <param name="folder">The kit's folder.</param>
    /// <param name="certificatePem">The certificate.</param>
    /// <param name="time">Says what time it is.</param>
    /// <returns>The identity that the kit has from now on.</returns>
    /// <remarks>The same certificate again is accepted; another one is refused.</remarks>
    /// <exception cref="EnrolmentException">The certificate isn't this kit's, or the kit isn't whole; all faults are told.</exception>
    public static LinkIdentity InstallCertificate(string folder, string certificatePem, TimeProvider time)
    {
        var faults = new List<string>();
        using var parts = LinkKitParts.Read(folder, faults);
        using var certificate = CertificatePem.Read(certificatePem, "What is to be installed", faults);
        var identity = certificate is null ? null : parts.Check(certificate, time, faults);
        EnrolmentException.ThrowIfAny(faults);

        var path = Path.Combine(folder, LinkKitParts.CertificateFile);
        if (!IsInstalled(path, certificate!))
        {
            EnrolmentFiles.WriteNew(path, CertificatePem.Write(certificate!), EnrolmentFiles.Shared);
        }

        return identity!;
    }

    /// <summary>Opens a kit for use.</summary>
    /// <param name="folder">The kit's folder.</param>
    /// <param name="time">Says what time it is.</param>
    /// <param name="expected">The end that the kit must be for; null if either will do.</param>
    /// <exception cref="EnrolmentException">It isn't whole, or for the other end; all faults are told.</exception>
    public static LinkKit Load(string folder, TimeProvider time, LinkRole? expected = null)
    {
        var faults = new List<string>();
        var parts = LinkKitParts.Read(folder, faults);
        try
        {
            if (expected is not null && parts.Name is not null && parts.Name.Role != expected)
            {
                faults.Add($"The kit in {folder} is for {parts.Name}, not for a {(expected == LinkRole.Silo ? "Silo" : "hospital")}.");
            }

            using var certificate = ReadCertificate(folder, faults);
            var identity = certificate is null ? null : parts.Check(certificate, time, faults);
            EnrolmentException.ThrowIfAny(faults);
            return new LinkKit(folder, parts, WithKey(certificate!, parts), identity!);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Whom a kit is for, as far as it says so, even where its certificate is missing or no longer holds; null otherwise.</summary>
    /// <param name="folder">The kit's folder.</param>
    public static LinkName? ReadName(string folder)
    {
        try
        {
            using var parts = LinkKitParts.Read(folder, []);
            return parts.Name;
        }
        catch (EnrolmentException)
        {
            return null;
        }
    }

    /// <summary>A validator for the other end of the link, pinned to this kit's authority.</summary>
    public LinkCertificateValidator PeerValidator(TimeProvider time) =>
        new([Authority], Identity.Federation, Identity.Role == LinkRole.Silo ? LinkRole.Hospital : LinkRole.Silo, time);

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        _parts.Dispose();
    }

    private static string Create(string folder, LinkName name, string authorityPem, IReadOnlyList<Uri> addresses)
    {
        var faults = new List<string>();
        using var authority = CertificatePem.ReadAuthority(authorityPem, "The authority's certificate", faults);
        EnrolmentException.ThrowIfAny(faults);
        var document = new LinkKitDocument
        {
            Version = EnrolmentJson.Version,
            Federation = name.Federation,
            Role = name.Role,
            Hospital = name.HospitalId,
            Addresses = [.. addresses.Select(x => x.GetLeftPart(UriPartial.Authority))],
            AuthorityFingerprint = Fingerprint.OfCertificate(authority!),
        };

        EnrolmentFiles.CreatePrivateFolder(folder);
        using var key = PrivateKeyPem.Create();
        var request = Path.Combine(folder, LinkKitParts.RequestFile);
        EnrolmentFiles.WriteNew(Path.Combine(folder, LinkKitParts.KeyFile), PrivateKeyPem.Write(key), EnrolmentFiles.Secret);
        EnrolmentFiles.WriteNew(Path.Combine(folder, LinkKitParts.AuthorityFile), CertificatePem.Write(authority!), EnrolmentFiles.Shared);
        EnrolmentFiles.WriteNew(Path.Combine(folder, LinkKitParts.DocumentFile), EnrolmentJson.Write(document), EnrolmentFiles.Shared);
        EnrolmentFiles.WriteNew(request, SigningRequest.Write(name, key), EnrolmentFiles.Shared);
        return request;
    }

    private static X509Certificate2? ReadCertificate(string folder, List<string> faults)
    {
        var path = Path.Combine(folder, LinkKitParts.CertificateFile);
        if (!File.Exists(path))
        {
            faults.Add($"{path} is missing: send {LinkKitParts.RequestFile} to the federation's operator and install the certificate that comes back.");
            return null;
        }

        return EnrolmentFiles.Read(path, faults) is { } pem ? CertificatePem.Read(pem, path, faults) : null;
    }

    private static bool IsInstalled(string path, X509Certificate2 certificate)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var ignored = new List<string>();
        using var present = EnrolmentFiles.Read(path, ignored) is { } pem ? CertificatePem.Read(pem, path, ignored) : null;
        return present is not null && present.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)
            ? true
            : throw new EnrolmentException($"{path} exists, and nothing is ever overwritten. Make a new kit for a new certificate.");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, LinkKitParts parts)
    {
        var whole = certificate.CopyWithPrivateKey(parts.Key!);
        if (!OperatingSystem.IsWindows())
        {
            return whole;
        }

        // There, TLS can't use a key that lives in memory only.
        using (whole)
        {
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}

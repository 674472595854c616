using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Identity;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>A federation's certificate authority: a folder that belongs on no Silo, best on a machine without a network.</summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long an authority lives: 10 years.</summary>
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3652);

    /// <summary>How long a certificate lives unless told otherwise: 365 days.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(365);

    /// <summary>The longest life of a certificate: 825 days.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(825);

    /// <summary>How far back a certificate's time begins, for peers whose clocks are behind: 5 minutes.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private const string KeyFile = "ca.key";
    private const string CertificateFile = "ca.pem";
    private const string DocumentFile = "ca.json";
    private const string IssuedFolder = "issued";
    private const int SerialBytes = 16;

    private readonly string _folder;
    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private CertificateAuthority(string folder, string federation, X509Certificate2 certificate, TimeProvider time)
    {
        _folder = folder;
        Federation = federation;
        _certificate = certificate;
        _time = time;
    }

    /// <summary>The federation's id.</summary>
    public string Federation { get; }

    /// <summary>The authority's certificate, for invitations and kits.</summary>
    public string CertificatePem => Enrolment.CertificatePem.Write(_certificate);

    /// <summary>The SHA-256 of the authority's certificate, to be told to each hospital by another way than the invitation.</summary>
    public string CertificateFingerprint => Fingerprint.OfCertificate(_certificate);

    /// <summary>Until when the authority holds.</summary>
    public DateTimeOffset NotAfter => new(_certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    /// <summary>Makes a new authority in a new folder.</summary>
    /// <param name="folder">A folder that doesn't exist, or is empty; only its owner will be able to enter it.</param>
    /// <param name="federation">The federation's id.</param>
    /// <param name="time">Says what time it is.</param>
    /// <exception cref="EnrolmentException">The id is malformed, or the folder holds something.</exception>
    public static CertificateAuthority Init(string folder, string federation, TimeProvider time)
    {
        if (!LinkName.IsId(federation))
        {
            throw new EnrolmentException($"The federation's id must be {Identifier.Rule}.");
        }

        EnrolmentFiles.CreatePrivateFolder(folder);
        using var key = PrivateKeyPem.Create();
        var now = Seconds(time.GetUtcNow());
        var certificate = SelfSign(federation, key, now);
        var document = new AuthorityDocument { Version = EnrolmentJson.Version, Federation = federation, Created = now };
        EnrolmentFiles.CreateSubfolder(Path.Combine(folder, IssuedFolder));
        EnrolmentFiles.WriteNew(Path.Combine(folder, KeyFile), PrivateKeyPem.Write(key), EnrolmentFiles.Secret);
        EnrolmentFiles.WriteNew(Path.Combine(folder, CertificateFile), Enrolment.CertificatePem.Write(certificate), EnrolmentFiles.Shared);
        EnrolmentFiles.WriteNew(Path.Combine(folder, DocumentFile), EnrolmentJson.Write(document), EnrolmentFiles.Shared);
        return new CertificateAuthority(folder, federation, certificate, time);
    }

    /// <summary>Opens an authority's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">Says what time it is.</param>
    /// <exception cref="EnrolmentException">It isn't whole; all faults are told.</exception>
    public static CertificateAuthority Load(string folder, TimeProvider time)
    {
        if (!Directory.Exists(folder))
        {
            throw new EnrolmentException($"There is no folder {folder}.");
        }

        var faults = new List<string>();
        EnrolmentFiles.CheckPrivate(folder, faults);
        var documentPath = Path.Combine(folder, DocumentFile);
        var certificatePath = Path.Combine(folder, CertificateFile);
        var json = EnrolmentFiles.Read(documentPath, faults);
        var document = json is null ? null : EnrolmentJson.Read<AuthorityDocument>(json, documentPath, faults);
        if (document is not null && !LinkName.IsId(document.Federation))
        {
            faults.Add($"{documentPath}: the federation's id must be {Identifier.Rule}.");
        }

        var pem = EnrolmentFiles.Read(certificatePath, faults);
        using var certificate = pem is null ? null : Enrolment.CertificatePem.ReadAuthority(pem, certificatePath, faults);
        using var key = PrivateKeyPem.Read(Path.Combine(folder, KeyFile), faults);
        if (certificate is not null && key is not null && !KeyMatch.Matches(certificate, key))
        {
            faults.Add($"{certificatePath} doesn't belong to the key beside it.");
        }

        EnrolmentException.ThrowIfAny(faults);
        return new CertificateAuthority(folder, document!.Federation, certificate!.CopyWithPrivateKey(key!), time);
    }

    /// <summary>Issues a certificate for a request, taking from it nothing but the public key and the name.</summary>
    /// <param name="requestPem">The request, signed by the key that it is for.</param>
    /// <param name="lifetime">More than nothing and at most <see cref="MaxLifetime"/>; <see cref="DefaultLifetime"/> if left out.</param>
    /// <param name="expected">Whom the operator believes the request to be from; another name is refused. Null trusts the request's own word.</param>
    /// <remarks>A copy is kept in the authority's folder, under <c>issued/</c>, before the certificate is given out.</remarks>
    /// <exception cref="EnrolmentException">The request is refused, with the reason.</exception>
    public IssuedCertificate Sign(string requestPem, TimeSpan? lifetime = null, LinkName? expected = null) =>
        Sign(SigningRequest.Read(requestPem), lifetime ?? DefaultLifetime, expected);

    /// <summary>Issues a certificate for any hospital's request, but never for the Silo: whoever holds that one can pose as the operator.</summary>
    /// <param name="requestPem">The request, signed by the key that it is for.</param>
    /// <param name="lifetime">More than nothing and at most <see cref="MaxLifetime"/>; <see cref="DefaultLifetime"/> if left out.</param>
    /// <exception cref="EnrolmentException">The request is refused, with the reason.</exception>
    public IssuedCertificate SignForHospital(string requestPem, TimeSpan? lifetime = null)
    {
        var request = SigningRequest.Read(requestPem);
        return request.Name.Role == LinkRole.Hospital
            ? Sign(request, lifetime ?? DefaultLifetime, expected: null)
            : throw new EnrolmentException(
                $"The request is for {request.Name}. If it is your own, and not a hospital's, sign it as the Silo's (--silo).");
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private IssuedCertificate Sign(SigningRequest request, TimeSpan lifetime, LinkName? expected)
    {
        if (request.Name.Federation != Federation)
        {
            throw new EnrolmentException($"The request is for {request.Name}; this authority is that of {Federation}.");
        }

        if (expected is not null && expected != request.Name)
        {
            throw new EnrolmentException($"The request is for {request.Name}, not for {expected}. Ask its sender before you sign anything.");
        }

        var (from, until) = Period(lifetime);
        using var certificate = Issue(request, from, until);
        var identity = new LinkIdentity(request.Name, Fingerprint.OfPublicKey(certificate), from, until);
        var issued = new IssuedCertificate(identity, certificate.SerialNumber, Enrolment.CertificatePem.Write(certificate));
        issued.Write(Path.Combine(_folder, IssuedFolder, issued.Serial.ToLowerInvariant() + ".pem"));
        return issued;
    }

    private static X509Certificate2 SelfSign(string federation, ECDsa key, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(federation);
        subject.AddCommonName("federation authority");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - ClockSkew, now + AuthorityLifetime);
    }

    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private (DateTimeOffset From, DateTimeOffset Until) Period(TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero || lifetime > MaxLifetime)
        {
            throw new EnrolmentException($"A certificate lives for more than nothing and at most {MaxLifetime.TotalDays:F0} days.");
        }

        var now = Seconds(_time.GetUtcNow());
        var until = Seconds(now + lifetime);
        var authorityFrom = new DateTimeOffset(_certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);
        if (now < authorityFrom || until > NotAfter)
        {
            throw new EnrolmentException(
                $"The authority holds from {authorityFrom:u} until {NotAfter:u}, which a certificate from {now:u} until {until:u} doesn't fit in.");
        }

        var from = now - ClockSkew;
        return (from < authorityFrom ? authorityFrom : from, until);
    }

    private X509Certificate2 Issue(SigningRequest request, DateTimeOffset from, DateTimeOffset until)
    {
        var certificate = new CertificateRequest(SigningRequest.Subject(request.Name), request.PublicKey, HashAlgorithmName.SHA256);
        var extensions = certificate.CertificateExtensions;
        extensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(LinkUsage.Of(request.Name.Role))], critical: true));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(request.Name.Uri));
        if (request.Name.Role == LinkRole.Silo)
        {
            // For probes and browsers on the Silo's own machine; hospitals go by the URI.
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        extensions.Add(names.Build());

        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        return certificate.Create(_certificate, from, until, serial);
    }
}

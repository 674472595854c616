using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Link.Tests;

/// <summary>A federation in a temporary folder: an authority, and kits made the way that operators and hospitals make them.</summary>
internal sealed class TestFederation : IDisposable
{
    public const string Id = "heart-study";
    public const string HospitalId = "st-anna";
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<IDisposable> _owned = [];

    public TestFederation(string id = Id)
    {
        Federation = id;
        Folder = Directory.CreateTempSubdirectory("fo-link-").FullName;
        Authority = Own(CertificateAuthority.Init(AuthorityFolder, id, Time));
    }

    public string Federation { get; }

    public FakeTimeProvider Time { get; } = new(Start);

    public string Folder { get; }

    public string AuthorityFolder => PathOf("ca");

    public CertificateAuthority Authority { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public Invitation Invite(string hospital = HospitalId) =>
        Invitation.Create(Federation, hospital, ["https://silo.example:7443"], Authority.CertificatePem);

    /// <summary>A hospital's kit with its certificate in it.</summary>
    public LinkKit Hospital(string hospital = HospitalId, TimeSpan? lifetime = null)
    {
        var folder = PathOf("kit-" + Guid.NewGuid().ToString("N"));
        return Finish(folder, LinkKit.Create(folder, Invite(hospital)), lifetime);
    }

    /// <summary>A Silo's kit with its certificate in it.</summary>
    public LinkKit Silo(TimeSpan? lifetime = null)
    {
        var folder = PathOf("kit-" + Guid.NewGuid().ToString("N"));
        return Finish(folder, LinkKit.CreateForSilo(folder, Federation, Authority.CertificatePem), lifetime);
    }

    public LinkCertificateValidator Validator(LinkRole expected) =>
        new([Own(X509Certificate2.CreateFromPem(Authority.CertificatePem))], Federation, expected, Time);

    /// <summary>A certificate with any names and usages, signed by the authority's own key: what the authority itself would never issue.</summary>
    public X509Certificate2 Forge(IReadOnlyList<string> uris, string? usage, Action<CertificateRequest>? more = null)
    {
        using var issuer = X509Certificate2.CreateFromPemFile(Path.Combine(AuthorityFolder, "ca.pem"), Path.Combine(AuthorityFolder, "ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=forged", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        }

        if (uris.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var uri in uris)
            {
                names.AddUri(new Uri(uri));
            }

            request.CertificateExtensions.Add(names.Build());
        }

        more?.Invoke(request);
        var now = Time.GetUtcNow();
        return Own(Attach(request.Create(issuer, now, now.AddDays(1), RandomNumberGenerator.GetBytes(16)), key));
    }

    public T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    public void Dispose()
    {
        _owned.ForEach(x => x.Dispose());
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Adds the key; where the platform can't read the extensions that say what it is for, the certificate stays as it is.</summary>
    private static X509Certificate2 Attach(X509Certificate2 certificate, ECDsa key)
    {
        try
        {
            var whole = certificate.CopyWithPrivateKey(key);
            certificate.Dispose();
            return whole;
        }
        catch (CryptographicException)
        {
            return certificate;
        }
    }

    private LinkKit Finish(string folder, string request, TimeSpan? lifetime)
    {
        var issued = Authority.Sign(File.ReadAllText(request), lifetime);
        LinkKit.InstallCertificate(folder, issued.Pem, Time);
        return Own(LinkKit.Load(folder, Time));
    }
}

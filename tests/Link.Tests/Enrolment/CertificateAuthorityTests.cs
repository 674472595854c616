using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Link.Tests.Enrolment;

public sealed class CertificateAuthorityTests : IDisposable
{
    private const string HospitalUri = "urn:fo:heart-study:hospital:st-anna";

    private readonly TestFederation _federation = new();

    public void Dispose() => _federation.Dispose();

    [Fact]
    public void Init_makes_private_files_and_an_authority_for_ten_years()
    {
        AssertMode("700", _federation.AuthorityFolder);
        AssertMode("600", Path.Combine(_federation.AuthorityFolder, "ca.key"));
        Assert.Equal(["ca.json", "ca.key", "ca.pem", "issued"], TestFiles.Names(_federation.AuthorityFolder));

        using var certificate = X509Certificate2.CreateFromPem(_federation.Authority.CertificatePem);
        var constraints = Assert.Single(certificate.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        Assert.Equal(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, Assert.Single(certificate.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages);
        Assert.Equal(TestFederation.Start + TimeSpan.FromDays(3652), _federation.Authority.NotAfter);
    }

    [Fact]
    public void Init_takes_over_an_empty_folder_and_closes_it_to_others()
    {
        var folder = Directory.CreateDirectory(_federation.PathOf("empty")).FullName;
        CertificateAuthority.Init(folder, "lung-study", _federation.Time).Dispose();
        AssertMode("700", folder);
    }

    [Fact]
    public void Init_again_changes_nothing()
    {
        var before = TestFiles.Snapshot(_federation.AuthorityFolder);
        var refused = Assert.Throws<EnrolmentException>(
            () => CertificateAuthority.Init(_federation.AuthorityFolder, TestFederation.Id, _federation.Time));
        Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, TestFiles.Snapshot(_federation.AuthorityFolder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Heart")]
    [InlineData("heart:study")]
    [InlineData("heart\n")]
    public void Init_refuses_a_malformed_id_before_it_makes_anything(string id)
    {
        var folder = _federation.PathOf("never");
        Assert.Throws<EnrolmentException>(() => CertificateAuthority.Init(folder, id, _federation.Time));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Load_gives_the_same_authority()
    {
        using var loaded = CertificateAuthority.Load(_federation.AuthorityFolder, _federation.Time);
        Assert.Equal(_federation.Authority.CertificateFingerprint, loaded.CertificateFingerprint);
        Assert.Equal(TestFederation.Id, loaded.Federation);
        Assert.NotNull(loaded.Sign(Request()).Pem);
    }

    [Fact]
    public void Load_tells_all_faults_at_once()
    {
        TestFiles.ChangeMode(Path.Combine(_federation.AuthorityFolder, "ca.key"), "644");
        File.Delete(Path.Combine(_federation.AuthorityFolder, "ca.json"));
        File.WriteAllText(Path.Combine(_federation.AuthorityFolder, "ca.pem"), "nothing");
        var refused = Assert.Throws<EnrolmentException>(() => CertificateAuthority.Load(_federation.AuthorityFolder, _federation.Time));
        Assert.Equal(3, refused.Faults.Count);
    }

    [Theory]
    [InlineData(LinkRole.Silo)]
    [InlineData(LinkRole.Hospital)]
    public void Sign_issues_exactly_what_the_role_needs(LinkRole role)
    {
        var kit = role == LinkRole.Silo ? _federation.Silo() : _federation.Hospital();
        var certificate = kit.Certificate;

        Assert.Equal(
            role == LinkRole.Silo ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2",
            Assert.Single(Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()).EnhancedKeyUsages.OfType<Oid>()).Value);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Assert.Single(certificate.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages);
        Assert.False(Assert.Single(certificate.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        var names = Assert.Single(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>());
        Assert.Equal(role == LinkRole.Silo ? ["localhost"] : [], names.EnumerateDnsNames());
        Assert.Equal(role == LinkRole.Silo ? 2 : 0, names.EnumerateIPAddresses().Count());
    }

    [Fact]
    public void Sign_keeps_a_copy_under_a_serial_of_its_own()
    {
        var first = _federation.Authority.Sign(Request());
        var second = _federation.Authority.Sign(Request());

        Assert.NotEqual(first.Serial, second.Serial);
        Assert.Equal(
            new[] { $"{first.Serial.ToLowerInvariant()}.pem", $"{second.Serial.ToLowerInvariant()}.pem" }.Order(StringComparer.Ordinal),
            TestFiles.Names(Path.Combine(_federation.AuthorityFolder, "issued")));
        using var certificate = X509Certificate2.CreateFromPem(first.Pem);
        Assert.InRange(certificate.SerialNumberBytes.Length, 14, 17);
        Assert.InRange(certificate.SerialNumberBytes.Span[0], 0, 0x7f);
    }

    [Fact]
    public void Sign_takes_nothing_but_key_and_name_from_a_greedy_request()
    {
        var issued = _federation.Authority.Sign(Request(more: x =>
        {
            x.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
            x.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            x.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: true));
            x.CertificateExtensions.Add(new X509Extension("1.2.3.4.5", [5, 0], critical: false));
        }, names: x =>
        {
            x.AddDnsName("silo.example");
            x.AddEmailAddress("someone@example.org");
            x.AddUri(new Uri("https://silo.example/"));
        }, subject: "CN=silo, O=heart-study"));

        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        Assert.False(Assert.Single(certificate.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Assert.Single(certificate.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages);
        Assert.Equal(
            "1.3.6.1.5.5.7.3.2",
            Assert.Single(Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()).EnhancedKeyUsages.OfType<Oid>()).Value);
        Assert.Empty(Assert.Single(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()).EnumerateDnsNames());
        Assert.DoesNotContain(certificate.Extensions, x => x.Oid?.Value == "1.2.3.4.5");
        Assert.DoesNotContain("example", System.Text.Encoding.Latin1.GetString(certificate.RawData), StringComparison.Ordinal);
        Assert.Contains("CN=st-anna", certificate.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urn:fo:lung-study:hospital:st-anna", null, "lung-study")]
    [InlineData("https://st-anna.example/", null, "exactly one")]
    [InlineData(HospitalUri, "urn:fo:heart-study:silo", "exactly one")]
    public void Sign_refuses_another_federation_and_any_number_of_names_but_one(string uri, string? second, string reason)
    {
        var request = Request(uri, names: x =>
        {
            if (second is not null)
            {
                x.AddUri(new Uri(second));
            }
        });
        AssertRefused(request, reason);
    }

    [Fact]
    public void Sign_refuses_a_second_extension_with_names()
    {
        var second = new SubjectAlternativeNameBuilder();
        second.AddUri(new Uri("urn:fo:heart-study:silo"));
        AssertRefused(Request(more: x => x.CertificateExtensions.Add(second.Build())), "");
    }

    [Fact]
    public void Sign_refuses_other_kinds_of_key()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        AssertRefused(Request(new CertificateRequest("CN=x", p384, HashAlgorithmName.SHA256)), "P-256");
        using var rsa = RSA.Create(2048);
        AssertRefused(Request(new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), "");
    }

    [Fact]
    public void Sign_refuses_a_request_that_its_key_did_not_sign()
    {
        var der = PemBytes(Request());
        der[^1] ^= 1;
        AssertRefused(PemEncoding.WriteString("CERTIFICATE REQUEST", der), "signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData("junk")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    public void Sign_refuses_junk(string request) => AssertRefused(request, "can't be read");

    [Fact]
    public void Sign_refuses_another_name_than_the_expected_one() =>
        Assert.Throws<EnrolmentException>(
            () => _federation.Authority.Sign(Request(), expected: LinkName.Hospital(TestFederation.Id, "charite")));

    [Fact]
    public void Sign_for_a_hospital_never_makes_a_Silo()
    {
        Assert.Throws<EnrolmentException>(() => _federation.Authority.SignForHospital(Request("urn:fo:heart-study:silo")));
        Assert.Equal(LinkRole.Hospital, _federation.Authority.SignForHospital(Request()).Identity.Role);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(826)]
    public void Sign_refuses_a_lifetime_out_of_bounds(int days) =>
        Assert.Throws<EnrolmentException>(() => _federation.Authority.Sign(Request(), TimeSpan.FromDays(days)));

    [Fact]
    public void Sign_refuses_to_outlive_the_authority()
    {
        _federation.Time.Advance(CertificateAuthority.AuthorityLifetime - TimeSpan.FromDays(100));
        Assert.Throws<EnrolmentException>(() => _federation.Authority.Sign(Request(), TimeSpan.FromDays(101)));
        Assert.NotNull(_federation.Authority.Sign(Request(), TimeSpan.FromDays(100)));
    }

    [Fact]
    public void Written_certificates_are_never_overwritten()
    {
        var path = _federation.PathOf("st-anna.pem");
        var first = _federation.Authority.Sign(Request());
        first.Write(path);
        Assert.Throws<EnrolmentException>(() => _federation.Authority.Sign(Request()).Write(path));
        Assert.Equal(first.Pem, File.ReadAllText(path));
        Assert.Equal(["ca", "st-anna.pem"], TestFiles.Names(_federation.Folder));
    }

    private static void AssertMode(string expected, string path) => Assert.Equal(expected, TestFiles.Mode(path));

    private static string Request(
        string uri = HospitalUri, Action<CertificateRequest>? more = null, Action<SubjectAlternativeNameBuilder>? names = null, string subject = "CN=x")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(new CertificateRequest(subject, key, HashAlgorithmName.SHA256), uri, more, names);
    }

    private static string Request(
        CertificateRequest request,
        string uri = HospitalUri,
        Action<CertificateRequest>? more = null,
        Action<SubjectAlternativeNameBuilder>? names = null)
    {
        var builder = new SubjectAlternativeNameBuilder();
        builder.AddUri(new Uri(uri));
        names?.Invoke(builder);
        request.CertificateExtensions.Add(builder.Build());
        more?.Invoke(request);
        return request.CreateSigningRequestPem();
    }

    private static byte[] PemBytes(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

    private void AssertRefused(string request, string reason)
    {
        var refused = Assert.Throws<EnrolmentException>(() => _federation.Authority.Sign(request));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(TestFiles.Names(Path.Combine(_federation.AuthorityFolder, "issued")));
    }
}

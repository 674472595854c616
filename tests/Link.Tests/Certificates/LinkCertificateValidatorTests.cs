using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Tests.Certificates;

public sealed class LinkCertificateValidatorTests : IDisposable
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private const string HospitalUri = "urn:fo:heart-study:hospital:st-anna";

    private readonly TestFederation _federation = new();

    public void Dispose() => _federation.Dispose();

    [Fact]
    public void Accepted_certificate_gives_the_whole_identity()
    {
        using var kit = _federation.Hospital();
        var verdict = _federation.Validator(LinkRole.Hospital).Validate(kit.Certificate);

        Assert.True(verdict.IsAccepted);
        Assert.Equal(kit.Identity, verdict.Identity);
        Assert.Equal(TestFederation.Id, verdict.Identity.Federation);
        Assert.Equal(TestFederation.HospitalId, verdict.Identity.HospitalId);
        Assert.Equal(LinkRole.Hospital, verdict.Identity.Role);
        Assert.Equal(TestFederation.Start + TimeSpan.FromDays(365), verdict.Identity.NotAfter);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(kit.Certificate.PublicKey.ExportSubjectPublicKeyInfo())),
            verdict.Identity.PublicKeyFingerprint);
    }

    [Fact]
    public void Validity_ends_exactly_when_it_says()
    {
        using var kit = _federation.Hospital(lifetime: TimeSpan.FromHours(1));
        var validator = _federation.Validator(LinkRole.Hospital);
        _federation.Time.SetUtcNow(kit.Identity.NotAfter - TimeSpan.FromSeconds(1));
        Assert.True(validator.Validate(kit.Certificate).IsAccepted);
        _federation.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LinkRefusal.Expired, validator.Validate(kit.Certificate).Refusal);
    }

    [Fact]
    public void A_clock_slightly_behind_the_authority_accepts_a_fresh_certificate()
    {
        _federation.Time.Advance(TimeSpan.FromHours(1));
        using var kit = _federation.Hospital();
        var validator = new LinkCertificateValidator(
            [kit.Authority], TestFederation.Id, LinkRole.Hospital,
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider(_federation.Time.GetUtcNow() - TimeSpan.FromMinutes(4)));
        Assert.True(validator.Validate(kit.Certificate).IsAccepted);
    }

    [Fact]
    public void The_authority_itself_is_no_peer()
    {
        using var authority = X509Certificate2.CreateFromPem(_federation.Authority.CertificatePem);
        Assert.False(_federation.Validator(LinkRole.Silo).Validate(authority).IsAccepted);
        Assert.False(_federation.Validator(LinkRole.Hospital).Validate(authority).IsAccepted);
    }

    [Fact]
    public void Both_authorities_count_while_one_is_replaced()
    {
        using var successor = new TestFederation();
        using var before = _federation.Hospital();
        using var after = successor.Hospital();
        var validator = new LinkCertificateValidator([before.Authority, after.Authority], TestFederation.Id, LinkRole.Hospital, _federation.Time);

        Assert.True(validator.Validate(before.Certificate).IsAccepted);
        Assert.True(validator.Validate(after.Certificate).IsAccepted);
    }

    [Fact]
    public void A_certificate_signed_by_a_hospital_is_refused()
    {
        using var hospital = _federation.Hospital();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=forged", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("urn:fo:heart-study:hospital:charite"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientUsage)], critical: true));
        using var forged = request.Create(
            hospital.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(hospital.Certificate.GetECDsaPrivateKey()!),
            TestFederation.Start, TestFederation.Start.AddDays(1), [1, 2, 3]);

        Assert.Equal(LinkRefusal.OtherAuthority, _federation.Validator(LinkRole.Hospital).Validate(forged).Refusal);
    }

    [Fact]
    public void A_certificate_that_may_sign_others_is_refused()
    {
        var forged = _federation.Forge(
            [HospitalUri], ClientUsage, x => x.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority()));
        Assert.Equal(LinkRefusal.WrongUsage, _federation.Validator(LinkRole.Hospital).Validate(forged).Refusal);
    }

    [Fact]
    public void An_unknown_critical_extension_is_refused()
    {
        var forged = _federation.Forge(
            [HospitalUri], ClientUsage, x => x.CertificateExtensions.Add(new X509Extension("1.2.3.4.5", [5, 0], critical: true)));
        Assert.Equal(LinkRefusal.WrongUsage, _federation.Validator(LinkRole.Hospital).Validate(forged).Refusal);
    }

    [Theory]
    [InlineData("2.5.29.17")]
    [InlineData("2.5.29.15")]
    [InlineData("2.5.29.37")]
    [InlineData("2.5.29.19")]
    public void Junk_in_an_extension_is_refused_and_never_thrown(string oid)
    {
        foreach (var junk in new byte[][] { [], [0x30], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff], [0x30, 0x02, 0x86, 0x7f] })
        {
            var forged = _federation.Forge([], usage: null, x =>
            {
                x.CertificateExtensions.Clear();
                x.CertificateExtensions.Add(new X509Extension(oid, junk, critical: false));
            });
            Assert.False(_federation.Validator(LinkRole.Hospital).Validate(forged).IsAccepted);
        }
    }

    [Fact]
    public void Damaged_certificates_are_refused_and_never_thrown()
    {
        using var kit = _federation.Hospital();
        var validator = _federation.Validator(LinkRole.Hospital);
        var random = new SeededRandom(20260301);
        var bytes = kit.Certificate.RawData;
        for (var i = 0; i < 500; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 + random.Next(255));
            try
            {
                using var certificate = X509CertificateLoader.LoadCertificate(damaged);
                Assert.False(validator.Validate(certificate).IsAccepted);
            }
            catch (CryptographicException)
            {
                // Not even the platform takes it for a certificate, so no connection could show it.
            }
        }
    }

    [Fact]
    public void Validator_without_authority_can_not_be_made() =>
        Assert.Throws<ArgumentException>(() => new LinkCertificateValidator([], TestFederation.Id, LinkRole.Silo, _federation.Time));

    /// <summary>A small generator with a seed (splitmix64), so that a failure comes again.</summary>
    private sealed class SeededRandom(ulong seed)
    {
        private ulong _state = seed;

        public int Next(int bound)
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)bound);
        }
    }
}

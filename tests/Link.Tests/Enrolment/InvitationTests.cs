using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Link.Tests.Enrolment;

public sealed class InvitationTests : IDisposable
{
    private readonly TestFederation _federation = new();

    public void Dispose() => _federation.Dispose();

    [Fact]
    public void Written_invitation_is_read_back()
    {
        var path = _federation.PathOf("invitation.json");
        Invitation.Write(
            path, TestFederation.Id, "st-anna", ["https://a.example:7443", "https://b.example:7443/", "https://[::1]:7443"],
            _federation.Authority.CertificatePem);
        var read = Invitation.Read(path);

        Assert.Equal("st-anna", read.Hospital.HospitalId);
        Assert.Equal(TestFederation.Id, read.Hospital.Federation);
        Assert.Equal(["https://a.example:7443/", "https://b.example:7443/", "https://[::1]:7443/"], read.Addresses.Select(x => x.AbsoluteUri));
        Assert.Equal(_federation.Authority.CertificateFingerprint, read.AuthorityFingerprint);
    }

    [Fact]
    public void Invitation_is_never_overwritten()
    {
        var path = _federation.PathOf("invitation.json");
        File.WriteAllText(path, "mine");
        Assert.Throws<EnrolmentException>(
            () => Invitation.Write(path, TestFederation.Id, "st-anna", ["https://a.example:7443"], _federation.Authority.CertificatePem));
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("http://a.example:7443")]
    [InlineData("https://a.example:7443/path")]
    [InlineData("https://a.example:7443/?q")]
    [InlineData("https://user@a.example:7443")]
    [InlineData("a.example:7443")]
    [InlineData("")]
    public void Address_of_another_form_is_refused(string address)
    {
        Assert.Throws<EnrolmentException>(
            () => Invitation.Create(TestFederation.Id, "st-anna", [address], _federation.Authority.CertificatePem));
    }

    [Fact]
    public void Faults_are_told_all_at_once()
    {
        var refused = Assert.Throws<EnrolmentException>(
            () => Invitation.Create("Heart", "St Anna", [], _federation.Authority.CertificatePem));
        Assert.Equal(3, refused.Faults.Count);
    }

    [Fact]
    public void Swapped_authority_is_refused()
    {
        using var other = new TestFederation();
        var json = _federation.Invite().ToJson().Replace(Escaped(_federation), Escaped(other), StringComparison.Ordinal);
        Assert.Contains(Escaped(other), json, StringComparison.Ordinal);
        var refused = Assert.Throws<EnrolmentException>(() => Invitation.Parse(json));
        Assert.Contains("fingerprint", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"version\": 1,", "{\"version\": 2,", "format version 2")]
    [InlineData("{\"version\": 1,", "{", "version")]
    [InlineData("{\"version\": 1,", "{\"version\": 1, \"extra\": true,", "malformed")]
    [InlineData("{\"version\": 1,", "{\"version\": 1, \"hospital\": \"charite\",", "malformed")]
    [InlineData("\"hospital\": \"st-anna\",", "", "malformed")]
    [InlineData("\"st-anna\"", "null", "malformed")]
    [InlineData("{\"version\": 1,", "[", "malformed")]
    public void Changed_format_is_refused_with_the_reason(string text, string replacement, string reason)
    {
        var json = _federation.Invite().ToJson().Replace("{\n  \"version\": 1,", "{\"version\": 1,", StringComparison.Ordinal);
        var changed = json.Replace(text, replacement, StringComparison.Ordinal);
        Assert.NotEqual(json, changed);
        var refused = Assert.Throws<EnrolmentException>(() => Invitation.Parse(changed, "invitation.json"));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains("invitation.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Private_key_beside_the_certificate_is_refused()
    {
        var pasted = _federation.Authority.CertificatePem + File.ReadAllText(Path.Combine(_federation.AuthorityFolder, "ca.key"));
        var refused = Assert.Throws<EnrolmentException>(
            () => Invitation.Create(TestFederation.Id, "st-anna", ["https://a.example:7443"], pasted));
        Assert.Contains("private key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_that_is_no_authority_is_refused()
    {
        var pem = _federation.Hospital().Certificate.ExportCertificatePem();
        Assert.Throws<EnrolmentException>(() => Invitation.Create(TestFederation.Id, "st-anna", ["https://a.example:7443"], pem));
    }

    private static string Escaped(TestFederation federation) =>
        System.Text.Json.JsonSerializer.Serialize(federation.Authority.CertificatePem);
}

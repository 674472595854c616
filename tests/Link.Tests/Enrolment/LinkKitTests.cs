using System.Security.Cryptography;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Link.Tests.Enrolment;

public sealed class LinkKitTests : IDisposable
{
    private readonly TestFederation _federation = new();

    public void Dispose() => _federation.Dispose();

    private string Folder => _federation.PathOf("kit");

    [Fact]
    public void Create_makes_a_private_folder_with_a_private_key()
    {
        var request = LinkKit.Create(Folder, _federation.Invite());

        Assert.Equal(Path.Combine(Folder, "request.pem"), request);
        Assert.Equal(["ca.pem", "kit.json", "node.key", "request.pem"], TestFiles.Names(Folder));
        Assert.Equal("700", TestFiles.Mode(Folder));
        Assert.Equal("600", TestFiles.Mode(Path.Combine(Folder, "node.key")));
    }

    [Fact]
    public void Key_stays_in_its_one_file_through_the_whole_enrolment()
    {
        var request = LinkKit.Create(Folder, _federation.Invite());
        var secret = PrivateScalar(Path.Combine(Folder, "node.key"));
        var issued = _federation.Authority.Sign(File.ReadAllText(request));
        issued.Write(_federation.PathOf("st-anna.pem"));
        LinkKit.InstallCertificate(Folder, issued.Pem, _federation.Time);
        LinkKit.Load(Folder, _federation.Time).Dispose();

        Assert.Equal(["ca.pem", "kit.json", "node.key", "node.pem", "request.pem"], TestFiles.Names(Folder));
        var holders = Directory.EnumerateFiles(_federation.Folder, "*", SearchOption.AllDirectories).Where(x => Holds(x, secret));
        Assert.Equal([Path.Combine(Folder, "node.key")], holders);
        var keys = TestFiles.Snapshot(_federation.Folder).Where(x => x.Value.Contains("PRIVATE KEY", StringComparison.Ordinal)).Select(x => x.Key);
        Assert.Equal([Path.Combine(_federation.AuthorityFolder, "ca.key"), Path.Combine(Folder, "node.key")], keys);
    }

    [Fact]
    public void Create_again_changes_nothing()
    {
        LinkKit.Create(Folder, _federation.Invite());
        var before = TestFiles.Snapshot(Folder);
        Assert.Throws<EnrolmentException>(() => LinkKit.Create(Folder, _federation.Invite()));
        Assert.Throws<EnrolmentException>(() => LinkKit.CreateForSilo(Folder, TestFederation.Id, _federation.Authority.CertificatePem));
        Assert.Equal(before, TestFiles.Snapshot(Folder));
    }

    [Fact]
    public void Create_checks_the_fingerprint_that_was_told()
    {
        var told = _federation.Authority.CertificateFingerprint;
        Assert.Throws<EnrolmentException>(() => LinkKit.Create(Folder, _federation.Invite(), "12:34"));
        Assert.Throws<EnrolmentException>(() => LinkKit.Create(Folder, _federation.Invite(), new string('a', 64)));
        Assert.False(Directory.Exists(Folder));

        // As openssl prints it.
        LinkKit.Create(Folder, _federation.Invite(), string.Join(':', told.ToUpperInvariant().Chunk(2).Select(x => new string(x))));
        Assert.True(File.Exists(Path.Combine(Folder, "request.pem")));
    }

    [Fact]
    public void Installed_kit_loads_with_its_identity_addresses_and_key()
    {
        using var kit = _federation.Hospital();
        Assert.Equal(LinkName.Hospital(TestFederation.Id, TestFederation.HospitalId), kit.Identity.Name);
        Assert.Equal(["https://silo.example:7443/"], kit.Addresses.Select(x => x.AbsoluteUri));
        Assert.Equal(_federation.Authority.CertificateFingerprint, kit.AuthorityFingerprint);
        Assert.True(kit.Certificate.HasPrivateKey);
    }

    [Fact]
    public void Install_accepts_the_same_certificate_again_and_no_other()
    {
        var request = File.ReadAllText(LinkKit.Create(Folder, _federation.Invite()));
        var first = _federation.Authority.Sign(request);
        LinkKit.InstallCertificate(Folder, first.Pem, _federation.Time);
        LinkKit.InstallCertificate(Folder, first.Pem, _federation.Time);

        var refused = Assert.Throws<EnrolmentException>(
            () => LinkKit.InstallCertificate(Folder, _federation.Authority.Sign(request).Pem, _federation.Time));
        Assert.Contains("nothing is ever overwritten", refused.Message, StringComparison.Ordinal);
        Assert.Equal(first.Pem, File.ReadAllText(Path.Combine(Folder, "node.pem")));
    }

    [Fact]
    public void Install_refuses_a_certificate_for_another_key()
    {
        LinkKit.Create(Folder, _federation.Invite());
        AssertInstallRefused(_federation.Hospital().Certificate.ExportCertificatePem(), "key");
    }

    [Fact]
    public void Install_refuses_another_name_for_the_same_key()
    {
        // An operator who signs for the wrong hospital: the key is right, the name is not.
        var kit = _federation.Hospital("charite");
        Directory.Move(kit.Folder, Folder);
        File.Delete(Path.Combine(Folder, "node.pem"));
        Rewrite("kit.json", x => x.Replace("charite", "st-anna", StringComparison.Ordinal));
        AssertInstallRefused(kit.Certificate.ExportCertificatePem(), "this kit is for hospital st-anna");
    }

    [Fact]
    public void Install_refuses_another_authority_another_end_and_junk()
    {
        using var other = new TestFederation();
        LinkKit.Create(Folder, _federation.Invite());
        AssertInstallRefused(other.Hospital().Certificate.ExportCertificatePem(), "authority");
        AssertInstallRefused(_federation.Silo().Certificate.ExportCertificatePem(), "where that of a hospital is needed");
        AssertInstallRefused("junk", "no certificate");
        AssertInstallRefused(_federation.Authority.CertificatePem, "key");
    }

    [Fact]
    public void Install_tells_every_fault_of_a_certificate()
    {
        LinkKit.Create(Folder, _federation.Invite());
        var silo = _federation.Silo(TimeSpan.FromHours(1)).Certificate.ExportCertificatePem();
        _federation.Time.Advance(TimeSpan.FromHours(2));
        var refused = Assert.Throws<EnrolmentException>(() => LinkKit.InstallCertificate(Folder, silo, _federation.Time));
        Assert.Contains(refused.Faults, x => x.Contains("key of this kit", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, x => x.Contains("expired", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, x => x.Contains("is needed", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, x => x.Contains("client authentication", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_before_the_certificate_came_says_what_to_do()
    {
        LinkKit.Create(Folder, _federation.Invite());
        var refused = Assert.Throws<EnrolmentException>(() => LinkKit.Load(Folder, _federation.Time));
        Assert.Contains("send request.pem", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_refuses_a_swapped_authority()
    {
        using var other = new TestFederation();
        Directory.Move(_federation.Hospital().Folder, Folder);
        Rewrite("ca.pem", _ => other.Authority.CertificatePem);
        AssertLoadRefused("fingerprint differs");
    }

    [Fact]
    public void Load_refuses_an_expired_certificate()
    {
        Directory.Move(_federation.Hospital(lifetime: TimeSpan.FromDays(1)).Folder, Folder);
        _federation.Time.Advance(TimeSpan.FromDays(2));
        AssertLoadRefused("expired");
    }

    [Fact]
    public void Load_refuses_a_swapped_key()
    {
        Directory.Move(_federation.Hospital().Folder, Folder);
        var other = _federation.Hospital();
        Rewrite("node.key", _ => File.ReadAllText(Path.Combine(other.Folder, "node.key")));
        AssertLoadRefused("doesn't belong to the key");
    }

    [Fact]
    public void Load_refuses_the_other_end()
    {
        Directory.Move(_federation.Hospital().Folder, Folder);
        Assert.Throws<EnrolmentException>(() => LinkKit.Load(Folder, _federation.Time, LinkRole.Silo));
        LinkKit.Load(Folder, _federation.Time, LinkRole.Hospital).Dispose();
    }

    [Fact]
    public void Load_tells_all_faults_at_once()
    {
        Directory.Move(_federation.Hospital(lifetime: TimeSpan.FromDays(1)).Folder, Folder);
        var other = _federation.Hospital();
        Rewrite("node.key", _ => File.ReadAllText(Path.Combine(other.Folder, "node.key")));
        TestFiles.ChangeMode(Path.Combine(Folder, "node.key"), "640");
        TestFiles.ChangeMode(Folder, "755");
        _federation.Time.Advance(TimeSpan.FromDays(2));

        var refused = Assert.Throws<EnrolmentException>(() => LinkKit.Load(Folder, _federation.Time));

        Assert.Equal(4, refused.Faults.Count);
        Assert.Contains(refused.Faults, x => x.StartsWith($"{Folder} is open", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, x => x.StartsWith(Path.Combine(Folder, "node.key is open"), StringComparison.Ordinal));
        Assert.Contains(refused.Faults, x => x.Contains("doesn't belong to the key", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, x => x.Contains("expired", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_of_an_emptied_kit_names_each_missing_file()
    {
        Directory.Move(_federation.Hospital().Folder, Folder);
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            File.Delete(file);
        }

        var refused = Assert.Throws<EnrolmentException>(() => LinkKit.Load(Folder, _federation.Time));
        Assert.Equal(4, refused.Faults.Count);
        Assert.All(refused.Faults, x => Assert.Contains("is missing", x, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_of_no_folder_is_refused() =>
        Assert.Throws<EnrolmentException>(() => LinkKit.Load(_federation.PathOf("nowhere"), _federation.Time));

    private static byte[] PrivateScalar(string path)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key.ExportParameters(includePrivateParameters: true).D!;
    }

    /// <summary>Whether a file holds a secret, as bytes or within any PEM block.</summary>
    private static bool Holds(string path, byte[] secret)
    {
        var bytes = File.ReadAllBytes(path);
        var text = File.ReadAllText(path);
        return bytes.AsSpan().IndexOf(secret) >= 0
            || (PemEncoding.TryFind(text, out var fields) && Convert.FromBase64String(text[fields.Base64Data]).AsSpan().IndexOf(secret) >= 0);
    }

    private void Rewrite(string file, Func<string, string> change)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, change(File.ReadAllText(path)));
    }

    private void AssertInstallRefused(string certificate, string reason)
    {
        var refused = Assert.Throws<EnrolmentException>(() => LinkKit.InstallCertificate(Folder, certificate, _federation.Time));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder, "node.pem")));
    }

    private void AssertLoadRefused(string reason)
    {
        var refused = Assert.Throws<EnrolmentException>(() => LinkKit.Load(Folder, _federation.Time));
        Assert.Contains(reason, Assert.Single(refused.Faults), StringComparison.Ordinal);
    }
}

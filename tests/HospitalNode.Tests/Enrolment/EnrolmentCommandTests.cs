using System.CommandLine;
using FederatedOrleans.HospitalNode.Enrolment;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.HospitalNode.Tests.Enrolment;

public sealed class EnrolmentCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-node-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly CertificateAuthority _authority;

    public EnrolmentCommandTests()
    {
        _authority = CertificateAuthority.Init(PathOf("ca"), "heart-study", TimeProvider.System);
        Invitation.Write(PathOf("invitation.json"), "heart-study", "st-anna", ["https://silo.example:7443"], _authority.CertificatePem);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Hospital_is_enrolled_from_an_invitation_to_a_loaded_kit()
    {
        Assert.Equal(0, Run("enroll", PathOf("invitation.json"), "--kit", PathOf("kit"), "--ca-fingerprint", _authority.CertificateFingerprint));
        Assert.Contains("send " + PathOf("kit/request.pem"), _output.ToString(), StringComparison.Ordinal);
        _authority.Sign(File.ReadAllText(PathOf("kit/request.pem"))).Write(PathOf("st-anna.pem"));
        Assert.Equal(0, Run("install", PathOf("st-anna.pem"), "--kit", PathOf("kit")));
        Assert.Equal("", _error.ToString());

        using var kit = LinkKit.Load(PathOf("kit"), TimeProvider.System, LinkRole.Hospital);
        Assert.Equal("st-anna", kit.Identity.HospitalId);
    }

    [Fact]
    public void Fingerprint_that_was_not_told_is_shown_to_be_compared()
    {
        Assert.Equal(0, Run("enroll", PathOf("invitation.json"), "--kit", PathOf("kit")));
        Assert.Contains(_authority.CertificateFingerprint, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_fingerprint_is_refused_and_makes_nothing()
    {
        Assert.Equal(1, Run("enroll", PathOf("invitation.json"), "--kit", PathOf("kit"), "--ca-fingerprint", new string('a', 64)));
        Assert.Contains("another fingerprint", _error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(PathOf("kit")));
    }

    [Fact]
    public void Second_enrolment_into_a_kit_is_refused()
    {
        Run("enroll", PathOf("invitation.json"), "--kit", PathOf("kit"));
        var key = File.ReadAllText(PathOf("kit/node.key"));
        Assert.Equal(1, Run("enroll", PathOf("invitation.json"), "--kit", PathOf("kit")));
        Assert.Equal(key, File.ReadAllText(PathOf("kit/node.key")));
    }

    [Fact]
    public void Wrong_certificate_is_refused_with_a_line_for_each_fault()
    {
        Run("enroll", PathOf("invitation.json"), "--kit", PathOf("kit"));
        Assert.Equal(1, Run("install", PathOf("ca/ca.pem"), "--kit", PathOf("kit")));
        Assert.True(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 1);
        Assert.Equal(1, Run("install", PathOf("none.pem"), "--kit", PathOf("kit")));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private int Run(params string[] args) => new RootCommand("fed-node") { EnrollCommand.Create(), InstallCommand.Create(TimeProvider.System) }
        .Parse(args).Invoke(new InvocationConfiguration { Output = _output, Error = _error });
}

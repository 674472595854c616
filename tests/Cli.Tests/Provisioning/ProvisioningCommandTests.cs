using System.CommandLine;
using FederatedOrleans.Cli.Provisioning;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Cli.Tests.Provisioning;

public sealed class ProvisioningCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-cli-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Silo_is_provisioned_from_nothing_to_a_loaded_kit()
    {
        Assert.Equal(0, Run("ca", "init", PathOf("ca"), "--federation", "heart-study"));
        Assert.Equal(0, Run("silo", "init", PathOf("silo"), "--federation", "heart-study", "--ca-cert", PathOf("ca/ca.pem")));
        Assert.Equal(0, Run("ca", "sign", PathOf("silo/request.pem"), "--silo", "--ca", PathOf("ca"), "--out", PathOf("silo.pem"), "--days", "30"));
        Assert.Equal(0, Run("silo", "install", PathOf("silo"), PathOf("silo.pem")));
        Assert.Equal("", _error.ToString());

        using var kit = LinkKit.Load(PathOf("silo"), TimeProvider.System, LinkRole.Silo);
        Assert.Equal(LinkName.Silo("heart-study"), kit.Identity.Name);
        Assert.InRange(kit.Identity.NotAfter - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(29), TimeSpan.FromDays(30));
        Assert.Contains("Next", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_tells_the_fingerprint_of_the_authority()
    {
        Run("ca", "init", PathOf("ca"), "--federation", "heart-study");
        using var authority = CertificateAuthority.Load(PathOf("ca"), TimeProvider.System);
        Assert.Equal(0, Run("ca", "show", PathOf("ca")));
        Assert.Contains(authority.CertificateFingerprint, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hospital_is_signed_for_by_default_and_checked_when_named()
    {
        var request = HospitalRequest("st-anna");
        Assert.Equal(0, Run("ca", "sign", request, "--ca", PathOf("ca"), "--out", PathOf("1.pem")));
        Assert.Equal(0, Run("ca", "sign", request, "--hospital", "st-anna", "--ca", PathOf("ca"), "--out", PathOf("2.pem")));
        Assert.Equal(1, Run("ca", "sign", request, "--hospital", "charite", "--ca", PathOf("ca"), "--out", PathOf("3.pem")));
        Assert.Contains("not for hospital charite", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("3.pem")));
    }

    [Fact]
    public void Request_for_the_Silo_is_refused_unless_the_operator_says_so()
    {
        Run("ca", "init", PathOf("ca"), "--federation", "heart-study");
        Run("silo", "init", PathOf("silo"), "--federation", "heart-study", "--ca-cert", PathOf("ca/ca.pem"));
        Assert.Equal(1, Run("ca", "sign", PathOf("silo/request.pem"), "--ca", PathOf("ca"), "--out", PathOf("silo.pem")));
        Assert.Contains("--silo", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("silo.pem")));
    }

    [Fact]
    public void Existing_output_is_kept_and_nothing_is_issued()
    {
        var request = HospitalRequest("st-anna");
        File.WriteAllText(PathOf("mine.pem"), "mine");
        Assert.Equal(1, Run("ca", "sign", request, "--ca", PathOf("ca"), "--out", PathOf("mine.pem")));
        Assert.Equal("mine", File.ReadAllText(PathOf("mine.pem")));
        Assert.Empty(Directory.EnumerateFiles(PathOf("ca/issued")));
    }

    [Fact]
    public void Empty_name_of_a_folder_is_refused()
    {
        Assert.Equal(1, Run("ca", "init", "", "--federation", "heart-study"));
        Assert.NotEqual("", _error.ToString());
    }

    [Fact]
    public void Missing_file_is_one_line_on_the_error_output()
    {
        Run("ca", "init", PathOf("ca"), "--federation", "heart-study");
        Assert.Equal(1, Run("ca", "sign", PathOf("none.pem"), "--ca", PathOf("ca"), "--out", PathOf("x.pem")));
        Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("ca", "init", "folder")]
    [InlineData("ca", "sign", "r", "--ca", "c", "--out", "o", "--days", "0")]
    [InlineData("ca", "sign", "r", "--ca", "c", "--out", "o", "--days", "many")]
    [InlineData("ca", "sign", "r", "--ca", "c", "--out", "o", "--silo", "--hospital", "st-anna")]
    [InlineData("silo", "install", "folder")]
    public void Wrong_command_line_is_found_before_anything_is_done(params string[] args) => Assert.NotEmpty(Root().Parse(args).Errors);

    private static RootCommand Root() => new("fed") { CaCommand.Create(TimeProvider.System), SiloKitCommand.Create(TimeProvider.System) };

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string HospitalRequest(string hospital)
    {
        Run("ca", "init", PathOf("ca"), "--federation", "heart-study");
        var authority = File.ReadAllText(PathOf("ca/ca.pem"));
        return LinkKit.Create(PathOf("kit"), Invitation.Create("heart-study", hospital, ["https://silo.example:7443"], authority));
    }

    private int Run(params string[] args) =>
        Root().Parse(args).Invoke(new InvocationConfiguration { Output = _output, Error = _error });
}

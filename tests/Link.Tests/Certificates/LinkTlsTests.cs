using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Link.Tests.Certificates;

public sealed class LinkTlsTests : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private const string SiloUri = "urn:fo:heart-study:silo";
    private const string HospitalUri = "urn:fo:heart-study:hospital:st-anna";

    private readonly TestFederation _federation = new();

    public void Dispose() => _federation.Dispose();

    [Fact]
    public async Task Handshake_of_a_hospital_and_its_Silo_passes_on_TLS_1_3()
    {
        var result = await ConnectAsync(_federation.Silo().Certificate, _federation.Hospital().Certificate);

        Assert.True(result.Passed);
        Assert.Equal(SslProtocols.Tls13, result.Protocol);
        Assert.Null(result.RefusedByServer);
        Assert.Null(result.RefusedByClient);
    }

    [Fact]
    public async Task Handshake_of_loaded_kits_passes_by_their_own_validators()
    {
        var silo = _federation.Silo();
        var hospital = _federation.Hospital();

        var result = await Handshake.RunAsync(
            refused => LinkTls.ServerOptions(silo.Certificate, silo.PeerValidator(_federation.Time), refused),
            refused => LinkTls.ClientOptions(hospital.Certificate, hospital.PeerValidator(_federation.Time), refused),
            TestContext.Current.CancellationToken);

        Assert.True(result.Passed);
    }

    [Fact]
    public async Task Server_refuses_a_client_without_certificate()
    {
        var silo = _federation.Silo();
        var result = await Handshake.RunAsync(
            refused => LinkTls.ServerOptions(silo.Certificate, _federation.Validator(LinkRole.Hospital), refused),
            refused =>
            {
                var options = LinkTls.ClientOptions(silo.Certificate, _federation.Validator(LinkRole.Silo), refused);
                options.ClientCertificateContext = null;
                return options;
            },
            TestContext.Current.CancellationToken);

        AssertServerRefused(result, LinkRefusal.NoCertificate);
    }

    [Fact]
    public async Task Server_refuses_TLS_1_2()
    {
        var silo = _federation.Silo();
        var hospital = _federation.Hospital();
        var result = await Handshake.RunAsync(
            refused => LinkTls.ServerOptions(silo.Certificate, _federation.Validator(LinkRole.Hospital), refused),
            refused =>
            {
                var options = LinkTls.ClientOptions(hospital.Certificate, _federation.Validator(LinkRole.Silo), refused);
                options.EnabledSslProtocols = SslProtocols.Tls12;
                return options;
            },
            TestContext.Current.CancellationToken);

        Assert.False(result.Passed);
    }

    [Fact]
    public async Task Server_refuses_a_hospital_of_another_authority()
    {
        // The same names, another key: what anyone can make.
        using var other = new TestFederation();
        AssertServerRefused(await ConnectAsync(_federation.Silo().Certificate, other.Hospital().Certificate), LinkRefusal.OtherAuthority);
    }

    [Fact]
    public async Task Server_refuses_an_expired_hospital()
    {
        var hospital = _federation.Hospital(lifetime: TimeSpan.FromHours(1));
        _federation.Time.Advance(TimeSpan.FromHours(2));

        AssertServerRefused(await ConnectAsync(_federation.Silo().Certificate, hospital.Certificate), LinkRefusal.Expired);
    }

    [Fact]
    public async Task Server_refuses_a_hospital_whose_time_has_not_begun()
    {
        var silo = _federation.Silo();
        _federation.Time.Advance(TimeSpan.FromHours(1));
        var hospital = _federation.Hospital();
        var earlier = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestFederation.Start);

        var result = await Handshake.RunAsync(
            refused => LinkTls.ServerOptions(silo.Certificate, silo.PeerValidator(earlier), refused),
            refused => LinkTls.ClientOptions(hospital.Certificate, _federation.Validator(LinkRole.Silo), refused),
            TestContext.Current.CancellationToken);

        AssertServerRefused(result, LinkRefusal.NotYetValid);
    }

    [Fact]
    public async Task Server_refuses_a_Silo_posing_as_a_hospital()
    {
        AssertServerRefused(await ConnectAsync(_federation.Silo().Certificate, _federation.Silo().Certificate), LinkRefusal.WrongRole);
    }

    [Theory]
    [InlineData(new[] { "urn:fo:lung-study:hospital:st-anna" }, ClientUsage, LinkRefusal.OtherFederation)]
    [InlineData(new string[0], ClientUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { "https://st-anna.example/" }, ClientUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { HospitalUri, "urn:fo:heart-study:hospital:charite" }, ClientUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { HospitalUri, HospitalUri }, ClientUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { HospitalUri, "URN:FO:heart-study:silo" }, ClientUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { "urn:fo:heart-study:hospital:ST-ANNA" }, ClientUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { HospitalUri }, ServerUsage, LinkRefusal.WrongUsage)]
    [InlineData(new[] { HospitalUri }, "2.5.29.37.0", LinkRefusal.WrongUsage)]
    [InlineData(new[] { HospitalUri }, null, LinkRefusal.WrongUsage)]
    public async Task Server_refuses_a_client_with_the_wrong_names_or_usage(string[] uris, string? usage, LinkRefusal expected)
    {
        AssertServerRefused(await ConnectAsync(_federation.Silo().Certificate, _federation.Forge(uris, usage)), expected);
    }

    [Fact]
    public async Task Client_refuses_a_hospital_posing_as_the_Silo()
    {
        AssertClientRefused(
            await ConnectAsync(_federation.Hospital("charite").Certificate, _federation.Hospital().Certificate), LinkRefusal.WrongRole);
    }

    [Fact]
    public async Task Client_refuses_a_Silo_of_another_authority()
    {
        using var other = new TestFederation();
        AssertClientRefused(await ConnectAsync(other.Silo().Certificate, _federation.Hospital().Certificate), LinkRefusal.OtherAuthority);
    }

    [Fact]
    public async Task Client_refuses_an_expired_Silo()
    {
        var silo = _federation.Silo(TimeSpan.FromHours(1));
        _federation.Time.Advance(TimeSpan.FromHours(2));
        AssertClientRefused(await ConnectAsync(silo.Certificate, _federation.Hospital().Certificate), LinkRefusal.Expired);
    }

    [Theory]
    [InlineData(new[] { "urn:fo:lung-study:silo" }, ServerUsage, LinkRefusal.OtherFederation)]
    [InlineData(new string[0], ServerUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { SiloUri, HospitalUri }, ServerUsage, LinkRefusal.NoIdentity)]
    [InlineData(new[] { SiloUri }, ClientUsage, LinkRefusal.WrongUsage)]
    public async Task Client_refuses_a_server_with_the_wrong_names_or_usage(string[] uris, string usage, LinkRefusal expected)
    {
        AssertClientRefused(await ConnectAsync(_federation.Forge(uris, usage), _federation.Hospital().Certificate), expected);
    }

    [Theory]
    [InlineData("h2")]
    [InlineData("http/1.1")]
    public async Task Server_speaks_both_protocols(string protocol)
    {
        var silo = _federation.Silo();
        var hospital = _federation.Hospital();
        var result = await Handshake.RunAsync(
            refused => LinkTls.ServerOptions(silo.Certificate, silo.PeerValidator(_federation.Time), refused),
            refused =>
            {
                var options = LinkTls.ClientOptions(hospital.Certificate, hospital.PeerValidator(_federation.Time), refused);
                options.ApplicationProtocols = [new SslApplicationProtocol(protocol)];
                return options;
            },
            TestContext.Current.CancellationToken);

        Assert.True(result.Passed);
    }

    private static void AssertServerRefused(Handshake result, LinkRefusal expected)
    {
        Assert.False(result.Passed);
        Assert.Equal(expected, result.RefusedByServer?.Refusal);
        Assert.NotEmpty(result.RefusedByServer!.Reason);
        Assert.Null(result.RefusedByClient);
    }

    private static void AssertClientRefused(Handshake result, LinkRefusal expected)
    {
        Assert.False(result.Passed);
        Assert.Equal(expected, result.RefusedByClient?.Refusal);
        Assert.NotEmpty(result.RefusedByClient!.Reason);
    }

    private Task<Handshake> ConnectAsync(X509Certificate2 server, X509Certificate2 client) => Handshake.RunAsync(
        refused => LinkTls.ServerOptions(server, _federation.Validator(LinkRole.Hospital), refused),
        refused => LinkTls.ClientOptions(client, _federation.Validator(LinkRole.Silo), refused),
        TestContext.Current.CancellationToken);
}

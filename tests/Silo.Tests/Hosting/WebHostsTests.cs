using FederatedOrleans.Centre;

namespace FederatedOrleans.Hosting;

/// <summary>The names of the operator's pages in the Silo's configuration.</summary>
public sealed class WebHostsTests : IDisposable
{
    private readonly SiloFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void They_are_none_unless_they_are_named()
    {
        Assert.Empty(SiloConfigurationReader.ReadFile(Write("""{ "port": 8081 }""")).WebHosts);
        Assert.Equal(
            ["fed.hospital.example", "10.1.2.3", "xn--mnchen-3ya.example"],
            SiloConfigurationReader.ReadFile(Write("""{ "allowedHosts": ["fed.hospital.example", "10.1.2.3", "münchen.example"] }""")).WebHosts);
    }

    [Fact]
    public void What_is_no_host_name_is_told()
    {
        var path = Write("""{ "allowedHosts": ["https://fed.example", "fed.example:8080", 7] }""");

        Assert.Equal(
            [
                "silo.json: $.web.allowedHosts[2]: must be a text but is a number",
                "silo.json: $.web.allowedHosts: https://fed.example is no host name; leave out scheme and port",
                "silo.json: $.web.allowedHosts: fed.example:8080 is no host name; leave out scheme and port",
            ],
            Assert.Throws<SiloConfigurationException>(() => SiloConfigurationReader.ReadFile(path)).Faults);
    }

    private string Write(string web) => _file.Write($$""", "web": {{web}}""");
}

using FederatedOrleans.Centre;

namespace FederatedOrleans.Hosting;

/// <summary>The limit of the link in the Silo's configuration.</summary>
public sealed class LinkLimitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-silo-json-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", null)]
    [InlineData(""", "link": { "port": 9443 }""", null)]
    [InlineData(""", "link": { "port": 9443, "maxBytesPerSecond": 16384 }""", 16_384L)]
    public void It_is_read_beside_the_address(string link, long? expected)
    {
        var configuration = SiloConfigurationReader.ReadFile(Write(link));
        Assert.Equal((expected, link.Length == 0 ? 8443 : 9443), (configuration.LinkBytesPerSecond, configuration.Link.Port));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var path = Write(""", "link": { "address": "nowhere", "port": 0, "maxBytesPerSecond": 16383, "maxBitsPerSecond": 1 }""");
        var faults = Assert.Throws<SiloConfigurationException>(() => SiloConfigurationReader.ReadFile(path)).Faults;
        Assert.Equal(4, faults.Length);
        Assert.Contains(faults, fault => fault.Contains("link.maxBytesPerSecond: must be from 16,384 to 1,099,511,627,776 but is 16,383", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("link.maxBitsPerSecond: is not known here; did you mean 'maxBytesPerSecond'?", StringComparison.Ordinal));
    }

    private string Write(string more)
    {
        var path = Path.Combine(_folder.FullName, "silo.json");
        File.WriteAllText(path, $$"""{ "version": 1, "kit": "kit", "data": "data", "tokenKey": "token.pub.pem"{{more}} }""");
        return path;
    }
}

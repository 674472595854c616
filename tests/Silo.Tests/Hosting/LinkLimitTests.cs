using FederatedOrleans.Centre;

namespace FederatedOrleans.Hosting;

/// <summary>The limit of the link in the Silo's configuration.</summary>
public sealed class LinkLimitTests : IDisposable
{
    private readonly SiloFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("", null)]
    [InlineData(""", "link": { "port": 9443 }""", null)]
    [InlineData(""", "link": { "port": 9443, "maxBytesPerSecond": 16384 }""", 16_384L)]
    public void It_is_read_beside_the_address(string link, long? expected)
    {
        var configuration = SiloConfigurationReader.ReadFile(_file.Write(link));
        Assert.Equal((expected, link.Length == 0 ? 8443 : 9443), (configuration.LinkBytesPerSecond, configuration.Link.Port));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var path = _file.Write(""", "link": { "address": "nowhere", "port": 0, "maxBytesPerSecond": 16383, "maxBitsPerSecond": 1 }""");
        var faults = Assert.Throws<SiloConfigurationException>(() => SiloConfigurationReader.ReadFile(path)).Faults;
        Assert.Equal(4, faults.Length);
        Assert.Contains(faults, fault => fault.Contains("link.maxBytesPerSecond: must be from 16,384 to 1,099,511,627,776 but is 16,383", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("link.maxBitsPerSecond: is not known here; did you mean 'maxBytesPerSecond'?", StringComparison.Ordinal));
    }
}

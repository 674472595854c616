using System.Text.Json.Nodes;
using FederatedOrleans.Site.Commands;

namespace FederatedOrleans.Site.Hosting;

/// <summary>The hospital's own wish to spare its line, in its configuration.</summary>
public sealed class LinkLimitTests : IDisposable
{
    private readonly NodeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Without_it_there_is_no_limit() => Assert.Null(NodeConfigurationReader.ReadFile(_files.Configuration).LinkBytesPerSecond);

    [Fact]
    public void It_is_read()
    {
        _files.Configure(configuration => configuration["link"] = new JsonObject { ["maxBytesPerSecond"] = 125_000 });
        Assert.Equal(125_000, NodeConfigurationReader.ReadFile(_files.Configuration).LinkBytesPerSecond);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        _files.Configure(configuration =>
        {
            configuration["link"] = new JsonObject { ["maxBytesPerSecond"] = 100, ["maxBytes"] = 1 };
            configuration["pollInterval"] = "soon";
        });
        var (_, faults) = NodeConfigurationReader.TryReadFile(_files.Configuration);
        Assert.Equal(3, faults.Length);
        Assert.Contains(faults, fault => fault.Contains("link.maxBytesPerSecond: must be from 16,384 to 1,099,511,627,776 but is 100", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("link.maxBytes: is not known here", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("pollInterval", StringComparison.Ordinal));
    }
}

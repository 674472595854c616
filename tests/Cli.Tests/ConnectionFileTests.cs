using FederatedOrleans.Connections;

namespace FederatedOrleans.Cli.Tests;

public sealed class ConnectionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fed-connection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var (connection, faults) = Load("""
            { "federation": "Heart!", "gateways": ["nowhere", "127.0.0.1:99999", 5], "tokenFile": "gone", "web": "8080", "port": 3, "clusterId": "" }
            """);
        Assert.Null(connection);
        Assert.Equal(
            ["$.port", "$.federation", "$.gateways[0]", "$.gateways[1]", "$.gateways[2]", "$.tokenFile", "$.clusterId", "$.web"],
            faults.Select(fault => fault.Split(": ")[0]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{ "federation": 1, "gateways": {}, "tokenFile": null }""")]
    public void Junk_is_faulty(string json)
    {
        var (connection, faults) = Load(json);
        Assert.Null(connection);
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_missing_file_is_a_fault() => Assert.Single(ConnectionFile.Load(Path.Combine(_folder, "no")).Faults);

    [Fact]
    public void What_is_saved_is_loaded_and_the_token_is_beside_it()
    {
        File.WriteAllText(Path.Combine(_folder, "me.token"), " secret \n");
        var path = Path.Combine(_folder, "connection.json");
        new ConnectionFile { Federation = "heart", Gateways = ["centre.example:30000"], TokenFile = "me.token", Web = new("https://x/") }.Save(path);
        var (connection, faults) = ConnectionFile.Load(path);
        Assert.Empty(faults);
        Assert.Equal("heart", connection!.Federation);
        Assert.Equal(new Uri("https://x/"), connection.Web);
        var options = connection.ToOptions();
        Assert.Equal(("secret", "federated-orleans", "federated-orleans"), (options.Token, options.ClusterId, options.ServiceId));
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    private (ConnectionFile? Connection, System.Collections.Immutable.ImmutableArray<string> Faults) Load(string json)
    {
        var path = Path.Combine(_folder, "connection.json");
        File.WriteAllText(path, json);
        return ConnectionFile.Load(path);
    }
}

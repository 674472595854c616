using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FederatedOrleans.Cli.Demo;
using FederatedOrleans.Federations;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans;

/// <summary>What keeps a process from starting: exit code 1 and one sentence for each fault.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class StartTests(HospitalsFixture fixture) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-start-");

    private TestFederation Federation => fixture.Federation;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_silos_ports_are_in_use()
    {
        var result = await RunSiloAsync(configuration => configuration["data"] = In("data"));

        AssertFailed(
            result,
            ("the hospital link", Federation.Local.LinkPort),
            ("the operator's pages", Federation.Local.WebPort),
            ("the Orleans silo", Port(Configuration("silo"), "siloPort")),
            ("the Orleans gateway", Federation.Local.GatewayPort));
    }

    [Fact]
    public async Task The_nodes_port_is_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var result = await RunNodeAsync(configuration =>
        {
            configuration["site"] = In("site");
            configuration["siloPort"] = port;
        });

        AssertFailed(result, ("the node's own silo", port));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("va")]
    public async Task The_folder_can_not_be_written_to(string name)
    {
        await File.WriteAllTextAsync(In("file"), "", TestContext.Current.CancellationToken);
        var folder = In("file", "data");

        AssertFailed(await RunAsync(name, folder), $"The data folder {folder} can't be written to: ");
    }

    [Theory]
    [InlineData("silo", "Silo of elsewhere", "Silo of system")]
    [InlineData("va", "site of va in elsewhere", "site of va in system")]
    public async Task The_folder_belongs_to_another_federation(string name, string owner, string asking)
    {
        using (FederatedOrleans.Storage.DataFolder.Open(In("data"), owner))
        {
            // Made as the other federation's process would make it.
        }

        AssertFailed(
            await RunAsync(name, In("data")), $"The data folder {In("data")} belongs to the {owner}, not to the {asking}. Name another folder.");
    }

    [Theory]
    [InlineData("silo", "data")]
    [InlineData("va", "site")]
    public async Task Another_process_holds_the_folder(string name, string folder)
    {
        var held = Federation.Local.In(name, folder);

        AssertFailed(await RunAsync(name, held), $"The data folder {held} is in use by another process. End that one first.");
    }

    [Fact]
    public async Task The_key_for_tokens_is_missing()
    {
        var key = In("token.pub.pem");

        AssertFailed(
            await RunSiloOnFreePortsAsync(configuration => configuration["tokenKey"] = key),
            $"The public key for tokens can't be read from {key}: 'fed token init' makes it.");
    }

    [Fact]
    public async Task The_key_for_tokens_is_none()
    {
        await File.WriteAllTextAsync(In("token.pub.pem"), "no key\n", TestContext.Current.CancellationToken);

        AssertFailed(
            await RunSiloOnFreePortsAsync(configuration => configuration["tokenKey"] = In("token.pub.pem")),
            "The key for tokens is no public key of the curve P-256 as PEM (token.pub.pem).");
    }

    [Theory]
    [InlineData("silo", "Silo of system", "centre.db")]
    [InlineData("va", "site of va in system", "site.db")]
    public async Task The_database_is_of_a_newer_version(string name, string owner, string file)
    {
        var path = In("data", file);
        using (FederatedOrleans.Storage.DataFolder.Open(In("data"), owner))
        {
            await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 1000";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        void Change(JsonObject configuration) => configuration[name == "silo" ? "data" : "site"] = In("data");
        AssertFailed(
            name == "silo" ? await RunSiloOnFreePortsAsync(Change) : await RunNodeOnFreePortAsync(Change),
            $"{path} was written by a newer version of this program (schema 1000; this one knows ");
    }

    [Fact]
    public async Task A_check_tells_all_faults_at_once()
    {
        var kit = In("kit");
        using (var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(
            LinkKits.CertificateOf(LinkKits.Make(kit, Federation.Local.In("ca"), "late", Federation.Local.LinkPort, TimeSpan.FromSeconds(1)))))
        {
            await TestFederation.UntilAsync(
                "the certificate to expire", () => TimeProvider.System.GetUtcNow().UtcDateTime > certificate.NotAfter.ToUniversalTime());
        }

        await File.WriteAllTextAsync(In("records.csv"), "age,disease\n61,1\n48,0\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            In("dataset.json"),
            """
            {
              "name": "heart", "files": ["records.csv"], "split": { "testFraction": 0.5, "seed": 1 },
              "features": [{ "name": "age" }, { "name": "chol" }], "label": { "name": "disease", "target": "disease > 0" }
            }
            """,
            TestContext.Current.CancellationToken);
        var result = await RunNodeAsync(
            configuration =>
            {
                configuration["kit"] = kit;
                configuration["site"] = In("site");
                configuration["datasets"] = new JsonArray(In("dataset.json"));
            },
            "check");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(3, result.Sentences.Length);
        Assert.Contains(result.Sentences, sentence => sentence.StartsWith("The certificate expired on ", StringComparison.Ordinal));

        // That of the node that runs.
        Assert.Contains(result.Sentences, sentence => sentence.StartsWith("Port ", StringComparison.Ordinal) && sentence.Contains("is in use", StringComparison.Ordinal));
        Assert.Contains(result.Sentences, sentence => sentence.Contains("chol", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_without_a_certificate_says_what_to_do()
    {
        var kit = LinkKits.Make(In("kit"), Federation.Local.In("ca"), "va", Federation.Local.LinkPort);
        File.Delete(LinkKits.CertificateOf(kit));

        var result = await RunNodeAsync(configuration => configuration["kit"] = kit, "check");

        AssertFailed(result, $"{LinkKits.CertificateOf(kit)} is missing: send request.pem to the federation's operator and install the certificate that comes back.");
    }

    private static int Port(JsonObject configuration, string name) => configuration[name]!.GetValue<int>();

    private static void AssertFailed(ProgramResult result, params (string Purpose, int Port)[] taken)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            taken.Select(port => $"Port {port.Port} for {port.Purpose} is in use on 127.0.0.1. End the program that listens there, or name another port."),
            result.Sentences);
    }

    private static void AssertFailed(ProgramResult result, string beginning)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(beginning, Assert.Single(result.Sentences), StringComparison.Ordinal);
    }

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([_folder.FullName, .. parts]);

    private Task<ProgramResult> RunAsync(string name, string folder) => name == "silo"
        ? RunSiloAsync(configuration => configuration["data"] = folder)
        : RunNodeAsync(configuration => configuration["site"] = folder);

    private Task<ProgramResult> RunSiloAsync(Action<JsonObject> change) => RunAsync("silo", TestFiles.Silo, change, "run");

    /// <summary>Runs the Silo with a folder and ports of its own.</summary>
    private Task<ProgramResult> RunSiloOnFreePortsAsync(Action<JsonObject> change) => RunSiloAsync(configuration =>
    {
        var ports = DemoPorts.Take(4);
        configuration["data"] = In("data");
        configuration["link"]!["port"] = ports[0];
        configuration["web"]!["port"] = ports[1];
        configuration["siloPort"] = ports[2];
        configuration["gatewayPort"] = ports[3];
        change(configuration);
    });

    private Task<ProgramResult> RunNodeOnFreePortAsync(Action<JsonObject> change) => RunNodeAsync(configuration =>
    {
        configuration["siloPort"] = DemoPorts.Take(1)[0];
        change(configuration);
    });

    private Task<ProgramResult> RunNodeAsync(Action<JsonObject> change, string command = "run") => RunAsync("va", TestFiles.Node, change, command);

    /// <summary>Runs a program with the configuration of one that runs, changed.</summary>
    private async Task<ProgramResult> RunAsync(string name, string program, Action<JsonObject> change, string command)
    {
        var configuration = Configuration(name);
        foreach (var path in new[] { "kit", "data", "site", "tokenKey", "approvals" })
        {
            if (configuration[path] is { } relative)
            {
                configuration[path] = Federation.Local.In(name, relative.GetValue<string>());
            }
        }

        change(configuration);
        await File.WriteAllTextAsync(In("changed.json"), configuration.ToJsonString(), TestContext.Current.CancellationToken);
        return await TestProgram.RunAsync(program, command, "--config", In("changed.json"));
    }

    private JsonObject Configuration(string name) => JsonNode.Parse(File.ReadAllText(Federation.Local.ConfigurationOf(name)))!.AsObject();
}

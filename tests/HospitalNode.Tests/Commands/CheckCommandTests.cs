using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node check</c>: everything that is wrong in one go.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly NodeFiles _files = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public CheckCommandTests() => _listener.Start();

    private int TakenPort => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task What_is_in_order_passes_and_nothing_is_left_behind()
    {
        var (exitCode, output, error) = await CheckAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("dataset      toy: ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_files.Site));
    }

    [Fact]
    public async Task Rows_that_do_not_fit_into_memory_leave_nothing_behind()
    {
        _files.Write("toy.csv", "age,num\n" + string.Concat(Enumerable.Range(0, 300_000).Select(row => $"{row},{row % 2}\n")));
        _files.Write("toy.json", (await File.ReadAllTextAsync(_files.In("toy.json"), TestContext.Current.CancellationToken))
            .Replace("\"name\": \"toy\"", "\"name\": \"toy\", \"memoryLimit\": 1048576", StringComparison.Ordinal));
        var (exitCode, output, error) = await CheckAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("150000 training rows", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_files.Site));
    }

    [Fact]
    public async Task A_taken_port_and_an_unusable_folder_are_told()
    {
        _files.Write("file", "");
        _files.Configure(configuration =>
        {
            configuration["siloPort"] = TakenPort;
            configuration["site"] = "file/site";
        });

        var (exitCode, _, error) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {TakenPort} for the node's own silo is in use", error, StringComparison.Ordinal);
        Assert.Contains($"The data folder {_files.In("file/site")} can't be written to", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_configuration_hides_neither_the_datas_faults_nor_the_ports()
    {
        _files.Write("toy.csv", "age,other\n40,0\n");
        _files.Configure(configuration =>
        {
            configuration["pollInterval"] = "soon";
            configuration["siloPort"] = TakenPort;
            configuration["unknown"] = JsonValue.Create(1);
        });

        var (exitCode, _, error) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("pollInterval", error, StringComparison.Ordinal);
        Assert.Contains("unknown", error, StringComparison.Ordinal);
        Assert.Contains("label 'ill'", error, StringComparison.Ordinal);
        Assert.Contains($"Port {TakenPort}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_description_does_not_hide_that_the_centre_is_away()
    {
        _files.Write("toy.json", "{ \"name\": \"toy\" }");

        var (exitCode, _, error) = await NodeProgram.RunAsync("check", "--config", _files.Configuration);

        Assert.Equal(1, exitCode);
        Assert.Contains("toy.json", error, StringComparison.Ordinal);
        Assert.Contains("The centre at https://127.0.0.1:1/ could not be reached: Connection refused", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_at_work_holds_its_own_folder_and_port_and_that_is_no_fault()
    {
        _files.Configure(configuration => configuration["siloPort"] = TakenPort);
        using var held = DataFolder.Open(_files.Site, "site of north in heart-study");

        var (exitCode, _, error) = await CheckAsync();

        Assert.Equal((0, ""), (exitCode, error));
    }

    private Task<(int ExitCode, string Output, string Error)> CheckAsync() =>
        NodeProgram.RunAsync("check", "--config", _files.Configuration, "--offline");
}

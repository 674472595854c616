using System.Net;
using System.Net.Sockets;
using FederatedOrleans.Cli.Tests;
using FederatedOrleans.Client;
using FederatedOrleans.Connections;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Spectre.Console;

[assembly: AssemblyFixture(typeof(FakeCentre))]

namespace FederatedOrleans.Cli.Tests;

/// <summary>A silo with fake grains, and a folder with a connection file to it.</summary>
public sealed class FakeCentre : IAsyncLifetime
{
    private IHost? _silo;

    public string Folder { get; } = Directory.CreateTempSubdirectory("fed-cli-").FullName;

    public string ConnectionPath => Path.Combine(Folder, "connection.json");

    public string PlanPath => Path.Combine(Folder, "plan.json");

    internal FederationClientOptions Options => ConnectionFile.Load(ConnectionPath).Connection!.ToOptions();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask InitializeAsync()
    {
        var (siloPort, gatewayPort) = (FreePort(), FreePort());
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort, gatewayPort, null, "federated-orleans", "federated-orleans"));
        _silo = builder.Build();
        await _silo.StartAsync();

        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "the-token\n");
        await File.WriteAllBytesAsync(PlanPath, Sample.PlanBytes);
        new ConnectionFile
        {
            Federation = "heart", Gateways = [$"127.0.0.1:{gatewayPort}"], TokenFile = "token", Web = new("http://127.0.0.1:8080"),
        }.Save(ConnectionPath);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.StopAsync();
            _silo.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    internal Task<FedResult> FedAsync(string line, bool interactive = false, CancellationToken cancellationToken = default) =>
        FedAsync(line, interactive, _ => null, cancellationToken);

    /// <summary>Runs a command on a terminal that shows what moves.</summary>
    internal Task<FedResult> FedOnTerminalAsync(string line, CancellationToken cancellationToken) => FedAsync(
        line,
        interactive: true,
        output => AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes,
        }),
        cancellationToken);

    private async Task<FedResult> FedAsync(
        string line, bool interactive, Func<TextWriter, IAnsiConsole?> terminal, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new CliContext
        {
            Out = output,
            Error = error,
            IsInteractive = interactive,
            Terminal = terminal(output),
            Environment = name => name == ConnectionFile.EnvironmentVariable ? ConnectionPath : null,
            ReadPlan = Sample.Read,
        };
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var exit = await FedCommand.RunAsync(FedCommand.Create(context), args, context, cancellationToken);
        return new(exit, output.ToString(), error.ToString());
    }
}

internal sealed record FedResult(int Exit, string Out, string Error);

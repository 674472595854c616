using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Client;
using FederatedOrleans.Connections;

namespace FederatedOrleans.Cli.Demo;

/// <summary>A federation on one machine, made with the commands that people use: authority, Silo, four hospitals, each in a folder of its own.</summary>
internal sealed class DemoFederation : IAsyncDisposable
{
    private const string Id = "demo";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CliContext _context;
    private readonly DemoOptions _options;
    private readonly string _root;
    private readonly string _plan;
    private readonly List<DemoProcess> _processes = [];
    private readonly int[] _ports;

    private DemoFederation(CliContext context, DemoOptions options, string root, string plan)
    {
        (_context, _options, _root, _plan) = (context, options, root, plan);
        _ports = DemoPorts.Take(4 + options.Hospitals.Count);
        Web = new Uri($"http://127.0.0.1:{_ports[1]}");
    }

    /// <summary>Address of the operator's pages.</summary>
    public Uri Web { get; }

    /// <summary>The connection file.</summary>
    public string Connection => In("operator", "connection.json");

    /// <summary>Folder of the key that signs tokens.</summary>
    public string Tokens => In("operator", "tokens");

    /// <summary>Makes the federation and starts its processes.</summary>
    public static async Task<DemoFederation> StartAsync(
        CliContext context, DemoOptions options, DemoData data, string root, string plan, CancellationToken cancellationToken)
    {
        var federation = new DemoFederation(context, options, root, plan);
        try
        {
            await federation.MakeCentreAsync(cancellationToken);
            foreach (var hospital in options.Hospitals)
            {
                await federation.EnrolAsync(hospital, data, cancellationToken);
            }

            foreach (var hospital in options.Hospitals)
            {
                federation.Launch($"hospital {hospital}", options.Node, ["run", "--config", federation.In(hospital, "node.json")]);
            }

            await federation.WaitForHospitalsAsync(cancellationToken);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Hospitals first, all at once: each takes a moment to leave in good order.
        await Task.WhenAll(_processes.Skip(1).Select(process => process.DisposeAsync().AsTask()));
        foreach (var silo in _processes.Take(1))
        {
            await silo.DisposeAsync();
        }

        _processes.Clear();
    }

    private async Task MakeCentreAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(In("operator"));
        Directory.CreateDirectory(In("silo"));
        await FedAsync(cancellationToken, "ca", "init", In("ca"), "--federation", Id);
        await FedAsync(cancellationToken, "silo", "init", In("silo", "kit"), "--federation", Id, "--ca-cert", In("ca", "ca.pem"));
        await FedAsync(
            cancellationToken, "ca", "sign", In("silo", "kit", "request.pem"), "--silo", "--ca", In("ca"), "--out", In("silo", "silo.pem"));
        await FedAsync(cancellationToken, "silo", "install", In("silo", "kit"), In("silo", "silo.pem"));
        await FedAsync(cancellationToken, "token", "init", Tokens);
        Write(In("silo", "silo.json"), new JsonObject
        {
            ["version"] = 1,
            ["kit"] = "kit",
            ["data"] = "data",
            ["tokenKey"] = Path.Combine(Tokens, "token.pub.pem"),
            ["link"] = new JsonObject { ["address"] = "127.0.0.1", ["port"] = _ports[0] },
            ["web"] = new JsonObject { ["port"] = _ports[1] },
            ["siloPort"] = _ports[2],
            ["gatewayPort"] = _ports[3],
        });
        await FedAsync(
            cancellationToken,
            "token", "issue", "--key", Tokens, "--federation", Id, "--subject", "demo", "--role", "operator", "--out", In("operator", "operator.token"));
        new ConnectionFile
        {
            Federation = Id,
            Gateways = [$"127.0.0.1:{_ports[3]}"],
            TokenFile = "operator.token",
            Web = Web,
        }.Save(Connection);
        Launch("Silo", _options.Silo, ["run", "--config", In("silo", "silo.json")]);
        await WaitForSiloAsync(cancellationToken);
    }

    private async Task EnrolAsync(string hospital, DemoData data, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(In(hospital, "data"));
        var invitation = In("operator", $"{hospital}.invitation.json");
        var certificate = In("operator", $"{hospital}.pem");
        await FedAsync(
            cancellationToken,
            "hospital", "invite", hospital, "--out", invitation, "--ca-cert", In("ca", "ca.pem"), "--address", $"https://127.0.0.1:{_ports[0]}");
        await NodeAsync(cancellationToken, "enroll", invitation, "--kit", In(hospital, "kit"));
        await FedAsync(
            cancellationToken,
            "ca", "sign", In(hospital, "kit", "request.pem"), "--hospital", hospital, "--ca", In("ca"), "--out", certificate);
        await NodeAsync(cancellationToken, "install", certificate, "--kit", In(hospital, "kit"));
        await FedAsync(cancellationToken, "hospital", "admit", hospital, certificate);

        // What a hospital's own staff would do: put the data in place, describe it, and approve the plan.
        var file = $"processed.{hospital}.data";
        File.Copy(Path.Combine(data.Folder, file), In(hospital, "data", file));
        Write(In(hospital, "node.json"), new JsonObject
        {
            ["version"] = 1,
            ["kit"] = "kit",
            ["site"] = "site",
            ["data"] = "data",
            ["datasets"] = new JsonArray(DescribeDataset(hospital, data)),
            ["siloPort"] = _ports[4 + _options.Hospitals.ToList().IndexOf(hospital)],
        });
        await NodeAsync(cancellationToken, "approve", "--config", In(hospital, "node.json"), "--plan", _plan);
    }

    private string DescribeDataset(string hospital, DemoData data)
    {
        if (!data.IsSynthetic)
        {
            return Path.GetFullPath(_options.Dataset);
        }

        // The row lists are those of the real files; made-up rows are split by a seeded share.
        var description = JsonNode.Parse(File.ReadAllText(_options.Dataset))!.AsObject();
        description["split"] = new JsonObject { ["testFraction"] = 0.34, ["seed"] = 1 };
        var path = In(hospital, "dataset.json");
        Write(path, description);
        return path;
    }

    private async Task WaitForSiloAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Web };
        await WaitAsync(
            "the Silo to be ready",
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    private async Task WaitForHospitalsAsync(CancellationToken cancellationToken)
    {
        var (connection, faults) = ConnectionFile.Load(Connection);
        await using var client = await FederationClient.ConnectAsync(
            connection?.ToOptions() ?? throw new FederationException(string.Join('\n', faults)), cancellationToken);
        await WaitAsync(
            "the hospitals to attend",
            async () => (await client.HospitalsAsync(cancellationToken)).All(hospital => hospital.Attending),
            cancellationToken);
    }

    private async Task WaitAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var began = _context.Time.GetTimestamp();
        while (!await condition())
        {
            if (_processes.FirstOrDefault(process => process.HasExited) is { } gone)
            {
                throw new FederationException($"{gone.Name} has ended; {LogOf(gone.Name)} tells why:\n{Tail(LogOf(gone.Name))}");
            }

            if (_context.Time.GetElapsedTime(began) > StartDeadline)
            {
                throw new FederationException($"Waited {StartDeadline.TotalSeconds:0} s for {what}. The logs are in {_root}.");
            }

            await Task.Delay(Pause, _context.Time, cancellationToken);
        }
    }

    private void Launch(string name, string program, IReadOnlyList<string> arguments)
    {
        Tell(program, arguments);
        _processes.Add(DemoProcess.Start(name, program, arguments, LogOf(name)));
    }

    private async Task FedAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        Tell("fed", arguments);
        var printed = new StringWriter();
        var quiet = new CliContext
        {
            Out = printed,
            Error = printed,
            Environment = _context.Environment,
            Time = _context.Time,
            Invitations = _context.Invitations,
        };
        string[] all = [.. arguments, .. arguments[0] == "hospital" ? new[] { "--connection", Connection } : []];
        if (await FedCommand.RunAsync(FedCommand.Create(quiet), all, quiet, cancellationToken) != 0)
        {
            throw new FederationException(printed.ToString().Trim());
        }
    }

    private Task NodeAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        Tell(_options.Node, arguments);
        return DemoProcess.RunAsync(_options.Node, arguments, cancellationToken);
    }

    private void Tell(string program, IEnumerable<string> arguments) => _context.Output.Line(
        $"  {Path.GetFileName(program)} {string.Join(' ', arguments.Select(argument => argument.Replace(_root + "/", "", StringComparison.Ordinal)))}");

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([_root, .. parts]);

    private string LogOf(string name) => In($"{name.Replace(' ', '-')}.out");

    private static string Tail(string path) => string.Join('\n', File.ReadLines(path).TakeLast(10));

    private static void Write(string path, JsonObject json) =>
        File.WriteAllText(path, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}

using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using FederatedOrleans.Client;
using FederatedOrleans.Connections;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Cli.Demo;

/// <summary>A federation on one machine, made with the commands that people use: authority, Silo and hospitals, each in a folder of its own.</summary>
/// <remarks>Processes are ended by their own ids: hospitals one by one, and everything that still runs when it is disposed of.</remarks>
internal sealed class LocalFederation : IAsyncDisposable
{
    /// <summary>How long ending everything may take: the hospitals all at once, then the Silo, and what their output still needs.</summary>
    public static readonly TimeSpan LongestTeardown = (2 * DemoProcess.Patience) + TimeSpan.FromSeconds(15);

    private const string Silo = "silo";
    private const int PortsOfASilo = 4;
    private const int MostHospitals = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CliContext _context;
    private readonly LocalFederationOptions _options;
    private readonly ConcurrentDictionary<string, DemoProcess> _processes = new(StringComparer.Ordinal);
    private readonly int[] _ports;
    private int _furnished;

    /// <summary>Nothing is made yet.</summary>
    public LocalFederation(CliContext context, LocalFederationOptions options)
    {
        (_context, _options) = (context, options);
        _ports = DemoPorts.Take((PortsOfASilo * options.Silos) + MostHospitals);
        Silos = [.. Enumerable.Range(1, options.Silos).Select(number => number == 1 ? Silo : $"{Silo}-{number}")];
        Web = new Uri($"http://127.0.0.1:{WebPort}");
    }

    /// <summary>Port of the hospital link.</summary>
    public int LinkPort => _ports[0];

    /// <summary>Port of the operator's pages.</summary>
    public int WebPort => _ports[1];

    /// <summary>Port of Orleans' gateway.</summary>
    public int GatewayPort => _ports[3];

    /// <summary>Names of the Silos: <c>silo</c>, <c>silo-2</c> and so on.</summary>
    public IReadOnlyList<string> Silos { get; }

    /// <summary>The processes that run, a Silo's under its name, a hospital's under its id.</summary>
    public IReadOnlyDictionary<string, DemoProcess> Processes => _processes;

    /// <summary>Address of the operator's pages.</summary>
    public Uri Web { get; }

    /// <summary>The connection file.</summary>
    public string Connection => In("operator", "connection.json");

    /// <summary>Folder of the key that signs tokens.</summary>
    public string Tokens => In("operator", "tokens");

    /// <summary>A path in the federation's folder.</summary>
    public string In(params ReadOnlySpan<string> parts) => Path.Combine([_options.Root, .. parts]);

    /// <summary>The configuration of a process.</summary>
    public string ConfigurationOf(string name) => In(name, Silos.Contains(name) ? "silo.json" : "node.json");

    /// <summary>What a process printed.</summary>
    public string LogOf(string name) => In($"{name}.out");

    public async ValueTask DisposeAsync()
    {
        // Hospitals first, all at once: each takes a moment to leave in good order.
        var ofSilos = _processes.ToLookup(process => Silos.Contains(process.Key), process => process.Value);
        _processes.Clear();
        await Task.WhenAll(ofSilos[false].Select(hospital => hospital.DisposeAsync().AsTask()));
        await Task.WhenAll(ofSilos[true].Select(silo => silo.DisposeAsync().AsTask()));
    }

    /// <summary>Makes the authority, the Silos and the operator's token, and starts the Silos.</summary>
    public async Task StartCentreAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(In("operator"));
        await FedAsync(cancellationToken, "ca", "init", In("ca"), "--federation", _options.Id);
        await FedAsync(cancellationToken, "token", "init", Tokens);
        foreach (var silo in Silos)
        {
            await FurnishSiloAsync(silo, cancellationToken);
        }

        await FedAsync(
            cancellationToken,
            "token", "issue", "--key", Tokens, "--federation", _options.Id, "--subject", _options.Id, "--role", "operator", "--out", In("operator", "operator.token"));
        new ConnectionFile
        {
            Federation = _options.Id,
            Gateways = [.. Silos.Select(silo => $"127.0.0.1:{PortOf(silo, 3)}")],
            TokenFile = "operator.token",
            Web = Web,
        }.Save(Connection);
        foreach (var silo in Silos)
        {
            await StartSiloAsync(cancellationToken, silo);
        }
    }

    /// <summary>Starts a Silo and waits until it is ready.</summary>
    public async Task StartSiloAsync(CancellationToken cancellationToken, string silo = Silo)
    {
        LaunchSilo(silo);
        await WaitForSiloAsync(silo, cancellationToken);
    }

    /// <summary>Whether a Silo is up and of the cluster.</summary>
    public async Task<bool> IsReadyAsync(string silo, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{PortOf(silo, 1)}/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Starts a Silo.</summary>
    public DemoProcess LaunchSilo(string silo = Silo) => Launch(silo, _options.Silo, "silo");

    /// <summary>Invites a hospital, makes its kit and its certificate, and admits its key.</summary>
    public async Task EnrolAsync(string hospital, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(In(hospital));
        var invitation = In("operator", $"{hospital}.invitation.json");
        var certificate = In("operator", $"{hospital}.pem");
        await FedAsync(
            cancellationToken,
            [
                "hospital", "invite", hospital, "--out", invitation, "--ca-cert", In("ca", "ca.pem"),
                .. Silos.SelectMany(silo => new[] { "--address", _options.Called(hospital, PortOf(silo, 0)).GetLeftPart(UriPartial.Authority) }),
            ]);

        // The operator would tell the hospital by another way, as on the telephone.
        using var authority = X509CertificateLoader.LoadCertificateFromFile(In("ca", "ca.pem"));
        await NodeAsync(
            cancellationToken, "enroll", invitation, "--kit", In(hospital, "kit"), "--ca-fingerprint", Fingerprint.OfCertificate(authority));
        await FedAsync(
            cancellationToken,
            "ca", "sign", In(hospital, "kit", "request.pem"), "--hospital", hospital, "--ca", In("ca"), "--out", certificate);
        await NodeAsync(cancellationToken, "install", certificate, "--kit", In(hospital, "kit"));
        await FedAsync(cancellationToken, "hospital", "admit", hospital, certificate);
    }

    /// <summary>What a hospital's own staff would do: put the data in place and describe it.</summary>
    /// <param name="hospital">The enrolled hospital.</param>
    /// <param name="file">Its records; copied.</param>
    /// <param name="dataset">The description of the dataset.</param>
    public void Furnish(string hospital, string file, string dataset)
    {
        Directory.CreateDirectory(In(hospital, "data"));
        File.Copy(file, In(hospital, "data", Path.GetFileName(file)));
        var configuration = new JsonObject
        {
            ["version"] = 1,
            ["kit"] = "kit",
            ["site"] = "site",
            ["data"] = "data",
            ["datasets"] = new JsonArray(Path.GetFullPath(dataset)),
            ["siloPort"] = _ports[(PortsOfASilo * Silos.Count) + _furnished++],
        };
        Add(configuration, _options.NodeSettings(hospital));
        Write(ConfigurationOf(hospital), configuration);
    }

    /// <summary>Gives the approval of a hospital's data owner.</summary>
    /// <param name="hospital">The furnished hospital.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="what">What is approved, as <c>fed-node approve</c> takes it.</param>
    public Task ApproveAsync(string hospital, CancellationToken cancellationToken, params string[] what) =>
        NodeAsync(cancellationToken, ["approve", "--config", ConfigurationOf(hospital), .. what]);

    /// <summary>Starts a hospital's node.</summary>
    public DemoProcess StartHospital(string hospital) => Launch(hospital, _options.Node, "node");

    /// <summary>Ends a process in good order, or at once.</summary>
    public async Task EndAsync(string name, bool kill = false)
    {
        if (_processes.TryRemove(name, out var process))
        {
            if (kill)
            {
                await process.SignalAsync("KILL");
            }

            await process.DisposeAsync();
        }
    }

    /// <summary>Connects as the operator.</summary>
    public Task<FederationClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var (connection, faults) = ConnectionFile.Load(Connection);
        return FederationClient.ConnectAsync(
            (connection?.ToOptions() ?? throw new FederationException(string.Join('\n', faults))) with { ConnectTimeout = _options.Patience },
            cancellationToken);
    }

    /// <summary>Waits until the hospitals whose nodes were started attend.</summary>
    public async Task WaitForHospitalsAsync(CancellationToken cancellationToken)
    {
        await using var client = await ConnectAsync(cancellationToken);
        await WaitAsync(
            "the hospitals to attend",
            async () => (await client.HospitalsAsync(cancellationToken))
                .Where(hospital => _processes.ContainsKey(hospital.Hospital))
                .All(hospital => hospital.Attending),
            cancellationToken);
    }

    /// <summary>Does some work for as long as every process runs.</summary>
    /// <param name="work">The work; its token ends it where a process has ended by itself.</param>
    /// <param name="tell">Takes the reason at once: the work may take a moment to end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The work's result, or null where a process has ended by itself.</returns>
    public async Task<int?> WhileAllRunAsync(
        Func<CancellationToken, Task<int>> work, Action<string> tell, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = EndOfOneAsync(ending.Token);
        var working = work(ending.Token);
        await Task.WhenAny(watching, working);

        // Work that failed a moment before its process was seen to end failed because of it.
        var gone = working.IsCompletedSuccessfully || cancellationToken.IsCancellationRequested
            ? null
            : _processes.Values.FirstOrDefault(process => process.HasExited);
        if (gone is not null)
        {
            tell(Ended(gone).Message);
        }

        await ending.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (gone is null)
        {
            return await working;
        }

        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }

    private async Task EndOfOneAsync(CancellationToken cancellationToken)
    {
        // Those that still run when one has ended are not waited for: each wait ends with the token.
        var ends = _processes.Values.Select(process => process.WaitForExitAsync(cancellationToken)).ToArray();
        await Task.WhenAny(ends);
    }

    private FederationException Ended(DemoProcess gone) =>
        new($"{gone.Name} has ended by itself with exit code {gone.ExitCode}; {LogOf(gone.Name)} tells why:\n{Tail(LogOf(gone.Name))}");

    private int PortOf(string silo, int which) => _ports[(PortsOfASilo * Silos.ToList().IndexOf(silo)) + which];

    private async Task FurnishSiloAsync(string silo, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(In(silo));
        await FedAsync(cancellationToken, "silo", "init", In(silo, "kit"), "--federation", _options.Id, "--ca-cert", In("ca", "ca.pem"));
        await FedAsync(
            cancellationToken, "ca", "sign", In(silo, "kit", "request.pem"), "--silo", "--ca", In("ca"), "--out", In(silo, "silo.pem"));
        await FedAsync(cancellationToken, "silo", "install", In(silo, "kit"), In(silo, "silo.pem"));
        var configuration = new JsonObject
        {
            ["version"] = 1,
            ["kit"] = "kit",
            ["data"] = "data",
            ["tokenKey"] = Path.Combine(Tokens, "token.pub.pem"),
            ["link"] = new JsonObject { ["address"] = _options.LinkAddress, ["port"] = PortOf(silo, 0) },
            ["web"] = new JsonObject { ["port"] = PortOf(silo, 1) },
            ["siloPort"] = PortOf(silo, 2),
            ["gatewayPort"] = PortOf(silo, 3),
        };
        Add(configuration, _options.SiloSettings);
        Write(ConfigurationOf(silo), configuration);
    }

    private static void Add(JsonObject configuration, JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            configuration[name] = value?.DeepClone();
        }
    }

    private Task WaitForSiloAsync(string silo, CancellationToken cancellationToken) =>
        WaitAsync($"the {silo} to be ready", () => IsReadyAsync(silo, cancellationToken), cancellationToken);

    /// <summary>Waits for something, for as long as no process has ended by itself.</summary>
    /// <exception cref="FederationException">A process has ended, or it took too long.</exception>
    public async Task WaitAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var began = _context.Time.GetTimestamp();
        while (!await condition())
        {
            if (_processes.Values.FirstOrDefault(process => process.HasExited) is { } gone)
            {
                throw Ended(gone);
            }

            if (_context.Time.GetElapsedTime(began) > _options.Patience)
            {
                throw new FederationException($"Waited {_options.Patience.TotalSeconds:0} s for {what}. The logs are in {_options.Root}.");
            }

            await Task.Delay(Pause, _context.Time, cancellationToken);
        }
    }

    /// <summary>Runs a command of <c>fed</c> as the operator.</summary>
    /// <exception cref="FederationException">It failed; its sentences are in the message.</exception>
    public async Task FedAsync(CancellationToken cancellationToken, params string[] arguments)
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
            ConnectTimeout = _options.Patience,
        };
        string[] all = [.. arguments, .. arguments[0] == "hospital" ? new[] { "--connection", Connection } : []];
        if (await FedCommand.RunAsync(FedCommand.Create(quiet), all, quiet, cancellationToken) != 0)
        {
            throw new FederationException(printed.ToString().Trim());
        }
    }

    private DemoProcess Launch(string name, string program, string part)
    {
        string[] command =
        [
            .. _options.Before(name),
            _options.Host ?? program,
            .. _options.Host is null ? Array.Empty<string>() : [part],
            "run", "--config", ConfigurationOf(name),
        ];
        Tell(command[0], command[1..]);
        return _processes[name] = DemoProcess.Start(name, command[0], command[1..], LogOf(name), _options.Environment);
    }

    private Task NodeAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        Tell(_options.Node, arguments);
        return DemoProcess.RunAsync(_options.Node, arguments, cancellationToken);
    }

    private void Tell(string program, IEnumerable<string> arguments) => _context.Output.Line(
        $"  {Path.GetFileName(program)} {string.Join(' ', arguments.Select(argument => argument.Replace(_options.Root + "/", "", StringComparison.Ordinal)))}");

    private static string Tail(string path) => string.Join('\n', File.ReadLines(path).TakeLast(10));

    private static void Write(string path, JsonObject json) =>
        File.WriteAllText(path, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}

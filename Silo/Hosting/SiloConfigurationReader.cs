using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;
using FederatedOrleans.Storage;
using Npgsql;

namespace FederatedOrleans.Centre;

/// <summary>Reads the Silo's configuration file with every fault at once. Paths are relative to the file's folder.</summary>
internal static class SiloConfigurationReader
{
    private const int MaximumBytes = 256 * 1024;
    private const int HighestPort = 65535;
    private const int DefaultLinkPort = 8443;
    private const int DefaultWebPort = 8080;
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;
    private const long LeastBytesPerSecond = 16 * 1024;
    private const long MostBytesPerSecond = 1L << 40;

    /// <summary>Reads the file.</summary>
    /// <exception cref="SiloConfigurationException">Anything is wrong with it.</exception>
    public static SiloConfiguration ReadFile(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SiloConfigurationException($"The configuration {path} can't be read: {exception.Message}");
        }

        var faults = new List<PlanFault>();
        using var document = JsonInput.Parse(json, MaximumBytes, faults);
        var configuration = document is not null && JsonObjectReader.Of(document.RootElement, "$", faults) is { } root
            ? Read(root, Path.GetDirectoryName(Path.GetFullPath(path))!)
            : null;
        return configuration is not null && faults.Count == 0
            ? configuration
            : throw new SiloConfigurationException([.. faults.Select(fault => $"{Path.GetFileName(path)}: {fault}")]);
    }

    private static SiloConfiguration Read(JsonObjectReader root, string folder)
    {
        root.Whole("version", 1, 1, required: true);
        string Resolve(string name) => root.Text(name, required: true) is { } relative ? Path.GetFullPath(relative, folder) : "";
        var postgres = PostgresOf(root, folder);
        var (address, isInKubernetes) = ClusterOf(root, postgres is not null);
        long? bytesPerSecond = null;
        ImmutableArray<string> hosts = [];
        var configuration = new SiloConfiguration
        {
            Postgres = postgres,
            Address = address,
            IsInKubernetes = isInKubernetes,
            Kit = Resolve("kit"),
            Data = Resolve("data"),
            TokenKey = Resolve("tokenKey"),
            Link = EndpointOf(
                root,
                "link",
                IPAddress.Any,
                DefaultLinkPort,
                link => bytesPerSecond = link.Whole("maxBytesPerSecond", LeastBytesPerSecond, MostBytesPerSecond)),
            LinkBytesPerSecond = bytesPerSecond,
            Web = EndpointOf(root, "web", IPAddress.Loopback, DefaultWebPort, web => hosts = HostsOf(web)),
            WebHosts = hosts,
            SiloPort = root.WholeInt32("siloPort", 1, HighestPort) ?? DefaultSiloPort,
            GatewayPort = root.WholeInt32("gatewayPort", 1, HighestPort) ?? DefaultGatewayPort,
            Tick = root.Duration("tick", TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1)),
            HeartbeatInterval = root.Duration("heartbeatInterval", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            AttemptDelay = root.Duration("attemptDelay", TimeSpan.Zero, TimeSpan.FromHours(1)),
            StagingBudget = root.Whole("stagingBudget", 1L << 20, 1L << 40),
            ScratchBudget = root.Whole("scratchBudget", 0, 1L << 44),
            ShardBytes = root.Whole("shardBytes", 0, 1L << 40),
        };
        root.Finish();
        return configuration;
    }

    private static ImmutableArray<string> HostsOf(JsonObjectReader web)
    {
        var hosts = ImmutableArray.CreateBuilder<string>();
        foreach (var host in web.Texts("allowedHosts") ?? [])
        {
            if (AsBrowsersSend(host) is { } sent)
            {
                hosts.Add(sent);
            }
            else
            {
                web.Fault("allowedHosts", $"{JsonObjectReader.Quote(host)} is no host name; leave out scheme and port");
            }
        }

        return hosts.ToImmutable();
    }

    private static string? AsBrowsersSend(string host)
    {
        try
        {
            return Uri.CheckHostName(host) switch
            {
                UriHostNameType.Unknown => null,
                UriHostNameType.Dns => new IdnMapping().GetAscii(host),
                _ => host,
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static NpgsqlConnectionStringBuilder? PostgresOf(JsonObjectReader root, string folder)
    {
        if (root.Object("storage") is not { } storage)
        {
            return null;
        }

        var postgres = storage.Object("postgresql", required: true) is { } connection ? PostgresConnectionReader.Read(connection, folder, "fed-silo") : null;
        storage.Finish();
        return postgres;
    }

    private static (IPAddress Address, bool IsInKubernetes) ClusterOf(JsonObjectReader root, bool isShared)
    {
        var address = IPAddress.Loopback;
        if (root.Object("cluster") is not { } cluster)
        {
            return (address, false);
        }

        if (!isShared)
        {
            root.Fault("cluster", "needs storage.postgresql: Silos with storage of their own can't share a federation");
        }

        var isInKubernetes = cluster.Flag("kubernetes") ?? false;
        if (cluster.Text("address") is { } text)
        {
            if (isInKubernetes)
            {
                cluster.Fault("address", "stands beside kubernetes, which gives the address; leave one of the two out");
            }

            if (!IPAddress.TryParse(text, out var parsed))
            {
                cluster.Fault("address", "this is no IP address; name the one at which the other Silos reach this one");
            }
            else if (parsed.Equals(IPAddress.Any) || parsed.Equals(IPAddress.IPv6Any))
            {
                cluster.Fault("address", $"{text} is every address; name the one at which the other Silos reach this one");
            }
            else
            {
                address = parsed;
            }
        }

        cluster.Finish();
        return (address, isInKubernetes);
    }

    private static IPEndPoint EndpointOf(
        JsonObjectReader root, string name, IPAddress defaultAddress, int defaultPort, Action<JsonObjectReader>? more = null)
    {
        var address = defaultAddress;
        var port = defaultPort;
        if (root.Object(name) is { } endpoint)
        {
            port = endpoint.WholeInt32("port", 1, HighestPort) ?? defaultPort;
            if (endpoint.Text("address") is { } text && !IPAddress.TryParse(text, out address!))
            {
                endpoint.Fault("address", "this is no IP address; 127.0.0.1 is loopback, 0.0.0.0 is every address");
            }

            more?.Invoke(endpoint);
            endpoint.Finish();
        }

        return new IPEndPoint(address ?? defaultAddress, port);
    }
}

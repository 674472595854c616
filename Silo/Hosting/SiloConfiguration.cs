using System.Collections.Immutable;
using System.Net;
using Npgsql;

namespace FederatedOrleans.Centre;

/// <summary>The Silo's configuration file.</summary>
internal sealed record SiloConfiguration
{
    /// <summary>Folder of the Silo's kit, from <c>fed silo init</c>.</summary>
    public required string Kit { get; init; }

    /// <summary>Data folder: state, models, log.</summary>
    public required string Data { get; init; }

    /// <summary>Public key that tokens are verified with, from <c>fed token init</c>.</summary>
    public required string TokenKey { get; init; }

    /// <summary>Where hospitals call; all addresses, port 8443 by default.</summary>
    public required IPEndPoint Link { get; init; }

    /// <summary>Most bytes of models and updates a second, of each hospital and each way; null for no limit.</summary>
    public long? LinkBytesPerSecond { get; init; }

    /// <summary>Where the operator's pages are; loopback, port 8080 by default.</summary>
    public required IPEndPoint Web { get; init; }

    /// <summary>Host names by which browsers reach the pages, beside localhost and loopback addresses: those of a proxy in front of them.</summary>
    public ImmutableArray<string> WebHosts { get; init; } = [];

    /// <summary>The database that the Silos of a cluster share; nothing where this is the only Silo, with storage of its own.</summary>
    public NpgsqlConnectionStringBuilder? Postgres { get; init; }

    /// <summary>
    /// Address of Orleans' own ports, which the other Silos and researchers' clients know; loopback by default. It must be one that nobody
    /// outside the operator's network reaches: members of a cluster trust each other fully.
    /// </summary>
    public required IPAddress Address { get; init; }

    /// <summary>Whether Kubernetes gives this Silo its name and address.</summary>
    public bool IsInKubernetes { get; init; }

    /// <summary>Port of Orleans' own silo-to-silo protocol; 11111 by default.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port of Orleans' gateway for researchers' clients; 30000 by default.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>How often coordinators look at deadlines and presence.</summary>
    public TimeSpan? Tick { get; init; }

    /// <summary>How often hospitals send a heartbeat.</summary>
    public TimeSpan? HeartbeatInterval { get; init; }

    /// <summary>How long a run waits after an abandoned attempt.</summary>
    public TimeSpan? AttemptDelay { get; init; }

    /// <summary>Bytes of updates staged at once.</summary>
    public long? StagingBudget { get; init; }

    /// <summary>Bytes of updates staged in scratch files at once.</summary>
    public long? ScratchBudget { get; init; }

    /// <summary>Bytes of a model that one grain keeps of every update; 256 MiB where Silos share a database, else no bound.</summary>
    public long? ShardBytes { get; init; }
}

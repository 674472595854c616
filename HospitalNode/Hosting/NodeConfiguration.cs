using System.Collections.Immutable;
using FederatedOrleans.Site.Availability;

namespace FederatedOrleans.Site.Hosting;

/// <summary>A node's configuration file.</summary>
internal sealed record NodeConfiguration
{
    /// <summary>The silo's port where the configuration names none.</summary>
    public const int DefaultSiloPort = 11211;

    /// <summary>The kit's folder, from <c>fed-node enroll</c>.</summary>
    public required string Kit { get; init; }

    /// <summary>The node's own folder: state, outbox, cache, log.</summary>
    public required string Site { get; init; }

    /// <summary>What <c>{data}</c> stands for in dataset descriptions.</summary>
    public string? Data { get; init; }

    /// <summary>Files that describe datasets.</summary>
    public required ImmutableArray<string> Datasets { get; init; }

    /// <summary>Folders of trainers that the node has beside its own; none by default.</summary>
    public ImmutableArray<string> Trainers { get; init; } = [];

    /// <summary>Port of the node's own Orleans silo, on loopback only: 1 to 65535, 11211 by default.</summary>
    public int SiloPort { get; init; } = DefaultSiloPort;

    /// <summary>How often to ask the centre without having been woken: 1 s to 10 minutes, 15 s by default.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Folder of the owners' approvals; <c>approvals</c> beside the configuration by default.</summary>
    public required string Approvals { get; init; }

    /// <summary>When this node may work and what it leaves to others; always and everything by default.</summary>
    public AvailabilityOptions Availability { get; init; } = new();

    /// <summary>Most bytes of models and updates a second, each way: at least 16,384; null, the default, for no limit.</summary>
    public long? LinkBytesPerSecond { get; init; }

    /// <summary>File that a running node keeps its status in.</summary>
    public string StatusFile => Path.Combine(Site, "status.json");
}

using System.Text.Json.Nodes;

namespace FederatedOrleans.Cli.Demo;

/// <summary>What a federation on one machine is made of.</summary>
internal sealed record LocalFederationOptions
{
    /// <summary>The federation's id.</summary>
    public string Id { get; init; } = "demo";

    /// <summary>Its folder; empty.</summary>
    public required string Root { get; init; }

    /// <summary>The program of the Silo.</summary>
    public required string Silo { get; init; }

    /// <summary>The program of a hospital's node.</summary>
    public required string Node { get; init; }

    /// <summary>
    /// A program that serves in place of both, given <c>silo</c> or <c>node</c> before the arguments of the one that it stands for; by default
    /// the two serve themselves.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>What the processes that serve find in their environment beside what this one has.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The address on which Silos listen for hospitals; loopback by default.</summary>
    public string LinkAddress { get; init; } = "127.0.0.1";

    /// <summary>Where a hospital calls a Silo that listens on a port: there on loopback by default, or somewhere that leads there.</summary>
    public Func<string, int, Uri> Called { get; init; } = (_, port) => new($"https://127.0.0.1:{port}");

    /// <summary>What comes before the command line of a process, by its name; nothing by default.</summary>
    public Func<string, IReadOnlyList<string>> Before { get; init; } = _ => [];

    /// <summary>How many Silos; more than one need a database in <see cref="SiloSettings"/>.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Settings for each Silo beside its folders and ports.</summary>
    public JsonObject SiloSettings { get; init; } = [];

    /// <summary>Settings for a hospital's node, by its id, beside its folders and ports; none by default.</summary>
    public Func<string, JsonObject> NodeSettings { get; init; } = _ => [];

    /// <summary>How long anything may take to come up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

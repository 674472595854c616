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

    /// <summary>How many Silos; more than one need a database in <see cref="SiloSettings"/>.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Settings for each Silo beside its folders and ports.</summary>
    public JsonObject SiloSettings { get; init; } = [];

    /// <summary>How long anything may take to come up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

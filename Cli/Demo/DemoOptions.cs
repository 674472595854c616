namespace FederatedOrleans.Cli.Demo;

/// <summary>What the demo is asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>The plan file.</summary>
    public required string Plan { get; init; }

    /// <summary>The description of the dataset, one for all hospitals.</summary>
    public required string Dataset { get; init; }

    /// <summary>The program of the Silo.</summary>
    public required string Silo { get; init; }

    /// <summary>The program of a hospital's node.</summary>
    public required string Node { get; init; }

    /// <summary>Whether plan, description and rounds are the project's own: only of these there are published figures.</summary>
    public bool IsReference { get; init; }

    /// <summary>Rounds instead of the plan's.</summary>
    public int? Rounds { get; init; }

    /// <summary>Folder of the data.</summary>
    public string? Data { get; init; }

    /// <summary>The federation's new folder; a temporary one that is removed at the end where absent.</summary>
    public string? Folder { get; init; }

    /// <summary>File for the result.</summary>
    public string? Json { get; init; }

    /// <summary>File for the final model.</summary>
    public string? Model { get; init; }

    /// <summary>Whether everything stays up until Ctrl+C.</summary>
    public bool Keep { get; init; }

    /// <summary>Hospitals in the order in which they start.</summary>
    public required IReadOnlyList<string> Hospitals { get; init; }
}

using FederatedOrleans.Simulation.Partitions;

namespace FederatedOrleans.Simulation.Results;

/// <summary>How rows were dealt out.</summary>
internal sealed record PartitionResult
{
    /// <summary>What decided.</summary>
    public required PartitionKind Kind { get; init; }

    /// <summary>Concentration of the Dirichlet distribution.</summary>
    public double? Alpha { get; init; }

    /// <summary>The column.</summary>
    public string? Column { get; init; }

    /// <summary>The seed, where chance decided.</summary>
    public long? Seed { get; init; }

    /// <summary>Fewest training rows of a hospital.</summary>
    public required int MinimumRows { get; init; }

    /// <summary>Draws until every hospital had as many.</summary>
    public int? Draws { get; init; }

    /// <summary>Rows that are at no hospital, since they have no value in the column.</summary>
    public int RowsLeftOut { get; init; }
}

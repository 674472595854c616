using System.Collections.Immutable;
using FederatedOrleans.Simulation.Partitions;

namespace FederatedOrleans.Simulation.Commands;

/// <summary>What is to be simulated, as the command line says.</summary>
internal sealed record SimulateOptions
{
    /// <summary>Most hospitals.</summary>
    public const int MostHospitals = 10_000;

    /// <summary>The default of <see cref="MinimumRows"/>.</summary>
    public const int DefaultMinimumRows = 10;

    /// <summary>The plan's file.</summary>
    public required string Plan { get; init; }

    /// <summary>The description of the dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>What <c>{data}</c> stands for; the description's folder when absent.</summary>
    public string? Data { get; init; }

    /// <summary>What <c>{hospital}</c> stands for; empty where the description does not name it.</summary>
    public ImmutableArray<string> Sites { get; init; } = [];

    /// <summary>What decides which hospital a row is at.</summary>
    public required PartitionChoice Partition { get; init; }

    /// <summary>Hospitals, 1 to <see cref="MostHospitals"/>; one for each group when absent.</summary>
    public int? Hospitals { get; init; }

    /// <summary>Fewest training rows of a hospital, 1 or more.</summary>
    public int MinimumRows { get; init; } = DefaultMinimumRows;

    /// <summary>Seed of the partition; the plan's when absent.</summary>
    public long? Seed { get; init; }

    /// <summary>Rounds instead of the plan's.</summary>
    public int? Rounds { get; init; }

    /// <summary>Folders of trainers that not every node has.</summary>
    public ImmutableArray<string> Trainers { get; init; } = [];

    /// <summary>Whether models of each hospital alone and of all rows in one place are trained too.</summary>
    public bool Compare { get; init; }

    /// <summary>New folder of the results; named after the plan when absent.</summary>
    public string? Out { get; init; }
}

using System.Collections.Immutable;
using FederatedOrleans.Data;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>The rows that are to be partitioned.</summary>
internal sealed record SourceRows
{
    /// <summary>All rows in one place, each in the part of its list.</summary>
    public required LocalDataset Dataset { get; init; }

    /// <summary>How parts are drawn; with a file where lists say which row is in which part.</summary>
    public required SplitOptions Split { get; init; }

    /// <summary>Of each row the number of its group; negative where it is in none. Empty where chance decides.</summary>
    public ImmutableArray<int> Groups { get; init; } = [];

    /// <summary>What the groups are called.</summary>
    public ImmutableArray<string> GroupNames { get; init; } = [];

    /// <summary>Whether groups are what the researcher has named, not values of rows, which may be single patients.</summary>
    public bool AreGroupsGiven { get; init; }

    /// <summary>Whether each hospital draws its own test rows.</summary>
    public bool IsSplitDrawn => Split.File is null;

    /// <summary>Classes of the label; 1 where it is a number.</summary>
    public int ClassCount => Math.Max(1, Dataset.Schema.ClassCount);

    /// <summary>The class of a row.</summary>
    public int ClassOf(int row) => ClassCount == 1 ? 0 : (int)Dataset.Label(row);

    /// <summary>The rows of each part; one part with all rows where each hospital draws its own.</summary>
    public ImmutableArray<ImmutableArray<int>> Parts => IsSplitDrawn
        ? [[.. Enumerable.Range(0, Dataset.RowCount)]]
        : [Dataset.TrainRows, Dataset.TestRows, Dataset.ValidationRows];
}

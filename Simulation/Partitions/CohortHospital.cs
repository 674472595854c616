using System.Collections.Immutable;
using FederatedOrleans.Data;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>One hospital of a partition.</summary>
/// <param name="Id">Hospital id.</param>
/// <param name="Dataset">Its rows.</param>
internal sealed record CohortHospital(string Id, LocalDataset Dataset)
{
    /// <summary>The group that it is; absent where chance has made it, or where it has several, which may be as small as one patient.</summary>
    public string? Group { get; init; }

    /// <summary>How many groups it has, where there are any.</summary>
    public int? Groups { get; init; }

    /// <summary>Training rows of each class; empty of a numeric label.</summary>
    public ImmutableArray<long> LabelCounts { get; } = Dataset.Schema.ClassCount == 0 ? [] : Count(Dataset);

    private static ImmutableArray<long> Count(LocalDataset dataset)
    {
        var counts = new long[dataset.Schema.ClassCount];
        foreach (var row in dataset.TrainRows)
        {
            counts[(int)dataset.Label(row)]++;
        }

        return [.. counts];
    }
}

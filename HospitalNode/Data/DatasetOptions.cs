using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>One dataset of a hospital: its store and how the features and the label of a plan's schema are found in them.</summary>
/// <remarks>Read from JSON by <see cref="DatasetOptionsReader"/>.</remarks>
internal sealed record DatasetOptions
{
    /// <summary>The dataset's id, as plans name it.</summary>
    public required string Name { get; init; }

    /// <summary>Which store holds it.</summary>
    public required StoreOptions Store { get; init; }

    /// <summary>The size of its images, where its inputs are images.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Most bytes of memory that its rows may take: 1 MiB to 16 GiB, 256 MiB by default. Beyond it they lie in a scratch file.</summary>
    public long MemoryLimit { get; init; } = DefaultMemoryLimit;

    /// <summary>The default of <see cref="MemoryLimit"/>.</summary>
    public const long DefaultMemoryLimit = 256L << 20;

    /// <summary>Marks a missing value; an empty cell, and a database's NULL, is always one.</summary>
    public string Missing { get; init; } = "";

    /// <summary>Features in the order of the schema; empty where there are images.</summary>
    public required ImmutableArray<FeatureOptions> Features { get; init; }

    /// <summary>The label.</summary>
    public required LabelOptions Label { get; init; }

    /// <summary>The default of <see cref="MinimumCell"/>.</summary>
    public const int DefaultMinimumCell = 10;

    /// <summary>Counts of fewer rows leave the hospital in no statistics: 1 to 1,000,000.</summary>
    public int MinimumCell { get; init; } = DefaultMinimumCell;

    /// <summary>Whether a level that is not declared counts as a missing value; else it is a fault.</summary>
    public bool TakesUndeclaredLevels { get; init; }

    /// <summary>What becomes of rows with missing values.</summary>
    public RowsWithMissing RowsWithMissing { get; init; }

    /// <summary>Training and test rows.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>What this dataset looks like to a plan: the schema whose digest the hospital publishes.</summary>
    public DatasetSchema Schema => new()
    {
        Features = [.. Features.Select(feature => feature.Spec)],
        Image = Image,
        Label = Label.Name,
        LabelKind = Label.Kind,
        LabelLevels = Label.Levels,
    };
}

using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>One dataset of a hospital: its files and how the features and the label of a plan's schema are found in them.</summary>
/// <remarks>Read from JSON by <see cref="DatasetOptionsReader"/>.</remarks>
internal sealed record DatasetOptions
{
    /// <summary>The dataset's id, as plans name it.</summary>
    public required string Name { get; init; }

    /// <summary>Full paths of the CSV files, UTF-8, read one after the other as one table.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>Whether each file's first line names the columns. True by default.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Names of the columns in order, where the files have no header; empty when columns are given by number.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Separates columns; a comma by default.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Marks a missing value; an empty cell is always one.</summary>
    public string Missing { get; init; } = "";

    /// <summary>Features in the order of the schema.</summary>
    public required ImmutableArray<FeatureOptions> Features { get; init; }

    /// <summary>The label.</summary>
    public required LabelOptions Label { get; init; }

    /// <summary>What becomes of rows with missing values.</summary>
    public RowsWithMissing RowsWithMissing { get; init; }

    /// <summary>Training and test rows.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>What this dataset looks like to a plan: the schema whose digest the hospital publishes.</summary>
    public DatasetSchema Schema => new()
    {
        Features = [.. Features.Select(feature => feature.Spec)],
        Label = Label.Name,
        LabelKind = Label.Kind,
        LabelLevels = Label.Levels,
    };
}

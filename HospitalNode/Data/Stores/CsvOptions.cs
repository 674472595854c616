using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>CSV files, UTF-8, read one after the other as one table.</summary>
internal sealed record CsvOptions : StoreOptions
{
    /// <summary>Whether each file's first line names the columns. True by default.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Names of the columns in order, where the files have no header; empty when columns are given by number.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Separates columns; a comma by default.</summary>
    public string Delimiter { get; init; } = ",";
}

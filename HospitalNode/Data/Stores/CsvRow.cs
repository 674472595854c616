using System.Globalization;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>A row of a CSV file.</summary>
/// <param name="source">Name of the file.</param>
/// <param name="line">1-based line, the first one where a quoted cell spans several.</param>
/// <param name="cells">The cells, without blanks at their ends.</param>
/// <param name="missing">What stands for nothing, beside an empty cell.</param>
internal sealed class CsvRow(string source, long line, string[] cells, string missing) : StoreRow
{
    /// <inheritdoc/>
    public override string Place => $"{source} line {line.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override int CellCount => cells.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int cell) => cells[cell].Length == 0 || cells[cell] == missing;

    /// <inheritdoc/>
    public override double? Number(int cell) => DatasetSchemaRules.NumericValue(cells[cell]);

    /// <inheritdoc/>
    public override string Text(int cell) => cells[cell];
}

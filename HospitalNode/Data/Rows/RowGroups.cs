using System.Globalization;
using System.Runtime.InteropServices;

namespace FederatedOrleans.Data;

/// <summary>The values of rows in a column that is no input, as a number for each: what tells where rows come from. For whoever sees all rows, a simulation.</summary>
/// <param name="column">The column.</param>
internal sealed class RowGroups(ColumnReference column)
{
    /// <summary>Most values. A column with more of them is no origin of rows.</summary>
    public const int Most = 100_000;

    /// <summary>Stands for a row without a value.</summary>
    public const int None = -1;

    private readonly List<int> _codes = [];
    private readonly List<string> _values = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>The column.</summary>
    public ColumnReference Column { get; } = column;

    /// <summary>Where a row has it: set by whoever reads.</summary>
    public int Cell { get; set; }

    /// <summary>Of each row the number of its value, or <see cref="None"/>.</summary>
    public ReadOnlySpan<int> Codes => CollectionsMarshal.AsSpan(_codes);

    /// <summary>The values in the order in which they came.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>Adds a row. 1 and 1.0 are the same, while 01 is another: it may be an id.</summary>
    /// <exception cref="DatasetException">There are too many values.</exception>
    public void Add(StoreRow row)
    {
        if (Cell >= row.CellCount || row.IsMissing(Cell))
        {
            _codes.Add(None);
            return;
        }

        var text = TextOf(row);
        if (!_known.TryGetValue(text, out var code))
        {
            if (_values.Count == Most)
            {
                throw new DatasetException($"{Column} has more than {Most:N0} values: it tells rows apart, not where they come from.");
            }

            _known.Add(text, code = _values.Count);
            _values.Add(text);
        }

        _codes.Add(code);
    }

    private string TextOf(StoreRow row)
    {
        var text = row.Text(Cell);
        return text.Contains('.', StringComparison.Ordinal) && row.Written(Cell) is { } number && double.IsFinite(number) ? number.ToString(CultureInfo.InvariantCulture) : text;
    }
}

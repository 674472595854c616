using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>The row that a database's reader stands at. One object for all rows of a query.</summary>
internal sealed class DatabaseRow : StoreRow
{
    private readonly string _source;
    private readonly string _missing;
    private readonly double? _missingNumber;
    private readonly bool _nanIsMissing;
    private readonly ImmutableArray<DatabaseColumn> _columns;
    private readonly bool[] _isMissing;
    private readonly bool[] _isSingle;
    private readonly double[] _numbers;
    private readonly string?[] _texts;
    private long _row = -1;

    /// <param name="source">What the rows are of, for messages.</param>
    /// <param name="width">Columns of the table.</param>
    /// <param name="columns">Those that the reader delivers, in its order.</param>
    /// <param name="missing">What stands for nothing, beside NULL.</param>
    public DatabaseRow(string source, int width, ImmutableArray<DatabaseColumn> columns, string missing)
    {
        (_source, CellCount, _columns, _missing) = (source, width, columns, missing);
        _missingNumber = missing.Length == 0 ? null : DatasetSchemaRules.NumericValue(missing);
        _nanIsMissing = missing.Equals("nan", StringComparison.OrdinalIgnoreCase);
        (_isMissing, _isSingle, _numbers, _texts) = (new bool[width], new bool[width], new double[width], new string?[width]);
        foreach (var column in columns)
        {
            _isSingle[column.Place] = column.Kind == DatabaseColumnKind.Single;
        }
    }

    /// <inheritdoc/>
    public override string Place => $"{_source} row {_row.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override int CellCount { get; }

    /// <summary>Takes the next row of a reader over.</summary>
    public void Take(DbDataReader reader)
    {
        _row++;
        for (var ordinal = 0; ordinal < _columns.Length; ordinal++)
        {
            var (place, kind) = _columns[ordinal];
            if (reader.IsDBNull(ordinal))
            {
                _isMissing[place] = true;
            }
            else if (kind == DatabaseColumnKind.Text)
            {
                var text = reader.GetString(ordinal).Trim();
                _texts[place] = text;
                _isMissing[place] = text.Length == 0 || text == _missing;
            }
            else
            {
                var number = _isSingle[place] ? reader.GetFloat(ordinal) : reader.GetDouble(ordinal);
                _numbers[place] = number;
                _isMissing[place] = (_isSingle[place] ? number == (float?)_missingNumber : number == _missingNumber)
                    || (_nanIsMissing && double.IsNaN(number));
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsMissing(int cell) => _isMissing[cell];

    /// <inheritdoc/>
    public override double? Number(int cell) => _texts[cell] is { } text ? DatasetSchemaRules.NumericValue(text) : _numbers[cell];

    /// <inheritdoc/>
    public override double? Written(int cell) => _isSingle[cell] && _texts[cell] is null ? DatasetSchemaRules.NumericValue(Text(cell)) : Number(cell);

    /// <inheritdoc/>
    public override string Text(int cell) => _texts[cell]
        ?? (_isSingle[cell] ? ((float)_numbers[cell]).ToString("R", CultureInfo.InvariantCulture) : _numbers[cell].ToString("R", CultureInfo.InvariantCulture));
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data;

/// <summary>Turns the cells of a row into model inputs and a label, and counts what cannot be turned.</summary>
internal sealed class RowEncoder
{
    private readonly DatasetOptions _options;
    private readonly int[] _columns;
    private readonly FeatureFaults[] _faults;
    private readonly FrozenDictionary<string, int>[] _levels;
    private readonly Dictionary<double, int>[] _numericLevels;
    private readonly LineFaults _short = new("line has too few columns", "lines have too few columns");
    private readonly LineFaults _labelText = new("cell is not a number", "cells are not numbers");
    private readonly LineFaults _labelLevel = new("cell holds a class that is not declared", "cells hold a class that is not declared");
    private readonly FrozenDictionary<string, int> _labelLevels;
    private readonly Dictionary<double, int> _labelNumbers;
    private readonly LineFaults _labelRange = new("cell is neither 0 nor 1", "cells are neither 0 nor 1");
    private readonly int _needed;

    /// <param name="options">The dataset.</param>
    /// <param name="columns">Numbers of the features' columns, then of the label's.</param>
    public RowEncoder(DatasetOptions options, int[] columns)
    {
        (_options, _columns, _needed) = (options, columns, columns.Max() + 1);
        _faults = [.. options.Features.Select(_ => new FeatureFaults())];
        _levels = [.. options.Features.Select(feature => LevelsOf(feature.Spec.Levels))];
        _numericLevels = [.. options.Features.Select(feature => NumericLevels(feature.Spec.Levels))];
        _labelLevels = LevelsOf(options.Label.Levels);
        _labelNumbers = NumericLevels(options.Label.Levels);
        InputCount = options.Schema.InputCount;
    }

    /// <summary>Inputs of a row.</summary>
    public int InputCount { get; }

    /// <summary>Whether a value is missing in the row that was turned last.</summary>
    public bool HasMarked { get; private set; }

    /// <summary>Everything that could not be turned, in words.</summary>
    public IEnumerable<string> Faults =>
        _options.Features.Zip(_faults)
            .SelectMany(pair => new[] { pair.Second.Text.Sentence(pair.First.Spec.Name), pair.Second.Level.Sentence(pair.First.Spec.Name) })
            .Append(_labelText.Sentence($"label '{_options.Label.Name}'"))
            .Append(_labelLevel.Sentence($"label '{_options.Label.Name}'"))
            .Append(_labelRange.Sentence($"label '{_options.Label.Name}' is not binary"))
            .Append(_short.Sentence("rows"))
            .OfType<string>();

    /// <summary>Writes a row's inputs and tells what became of it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="inputs">Receives <see cref="InputCount"/> values.</param>
    /// <param name="label">The label, where the row is usable.</param>
    public RowOutcome Encode(StoreRow row, Span<float> inputs, out float label)
    {
        label = 0;
        HasMarked = false;
        if (row.CellCount < _needed)
        {
            _short.Add(row);
            return RowOutcome.Faulty;
        }

        if (_options.Image is not null)
        {
            row.Image(inputs);
            return EncodeLabel(row, ref label);
        }

        var outcome = RowOutcome.Usable;
        var input = 0;
        for (var feature = 0; feature < _faults.Length; feature++)
        {
            var spec = _options.Features[feature].Spec;
            var width = spec.Kind == FeatureKind.Numeric ? 1 : spec.Levels.Length - 1;
            outcome = Worse(outcome, EncodeFeature(row, feature, spec.Kind, inputs.Slice(input, width)));
            input += width;
        }

        return Worse(outcome, EncodeLabel(row, ref label));
    }

    private static RowOutcome Worse(RowOutcome left, RowOutcome right) => left > right ? left : right;

    private static FrozenDictionary<string, int> LevelsOf(ImmutableArray<string> levels) =>
        levels.Index().ToFrozenDictionary(level => level.Item, level => level.Index, StringComparer.Ordinal);

    private static Dictionary<double, int> NumericLevels(ImmutableArray<string> levels)
    {
        var numbers = new Dictionary<double, int>();
        foreach (var (index, level) in levels.Index())
        {
            if (DatasetSchemaRules.NumericValue(level) is { } number)
            {
                numbers.TryAdd(number, index);
            }
        }

        return numbers;
    }

    /// <summary>What becomes of a row one of whose cells holds no value of its feature.</summary>
    private RowOutcome Mark(Span<float> inputs, float mark)
    {
        if (_options.RowsWithMissing == RowsWithMissing.Drop)
        {
            return RowOutcome.Missing;
        }

        inputs.Fill(mark);
        HasMarked = true;
        return RowOutcome.Usable;
    }

    private RowOutcome EncodeFeature(StoreRow row, int feature, FeatureKind kind, Span<float> inputs)
    {
        var cell = _columns[feature];
        if (row.IsMissing(cell))
        {
            return Mark(inputs, CellMarks.Missing);
        }

        if (kind == FeatureKind.Numeric)
        {
            if (row.Number(cell) is not { } value || !float.IsFinite((float)value))
            {
                _faults[feature].Text.Add(row);
                return RowOutcome.Faulty;
            }

            inputs[0] = (float)value;
            return RowOutcome.Usable;
        }

        if (!_levels[feature].TryGetValue(row.Text(cell), out var level) && !(row.Written(cell) is { } numeric && _numericLevels[feature].TryGetValue(numeric, out level)))
        {
            if (_options.TakesUndeclaredLevels)
            {
                return Mark(inputs, CellMarks.Undeclared);
            }

            _faults[feature].Level.Add(row);
            return RowOutcome.Faulty;
        }

        inputs.Clear();
        if (level > 0)
        {
            inputs[level - 1] = 1;
        }

        return RowOutcome.Usable;
    }

    private RowOutcome EncodeLabel(StoreRow row, ref float label)
    {
        var cell = _columns[^1];
        if (row.IsMissing(cell))
        {
            return RowOutcome.Missing;
        }

        var number = row.Written(cell);
        if (_options.Label.Kind == LabelKind.Categorical)
        {
            if (!_labelLevels.TryGetValue(row.Text(cell), out var level) && !(number is { } numeric && _labelNumbers.TryGetValue(numeric, out level)))
            {
                _labelLevel.Add(row);
                return RowOutcome.Faulty;
            }

            label = level;
            return RowOutcome.Usable;
        }

        if (number is not { } value || !float.IsFinite((float)value))
        {
            _labelText.Add(row);
            return RowOutcome.Faulty;
        }

        if (_options.Label.Kind == LabelKind.Numeric)
        {
            label = (float)value;
            return RowOutcome.Usable;
        }

        if (_options.Label.Target!.IsPositive(value) is not { } positive)
        {
            _labelRange.Add(row);
            return RowOutcome.Faulty;
        }

        label = positive ? 1 : 0;
        return RowOutcome.Usable;
    }

    private sealed class FeatureFaults
    {
        public LineFaults Text { get; } = new("cell is not a number", "cells are not numbers");

        public LineFaults Level { get; } = new("cell holds a level that is not declared", "cells hold a level that is not declared");
    }
}

using System.Collections.Immutable;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Data;

/// <summary>Loads a dataset for training, or says everything that is wrong with it at once.</summary>
internal sealed class LocalDatasetLoader
{
    private const int Shown = 5;

    private readonly DatasetOptions _options;
    private readonly IDataStore _store;
    private readonly List<string> _faults = [];
    private readonly List<float> _inputs = [];
    private readonly List<float> _labels = [];

    // For each row of the store its row of the matrix, or -1 where it is not usable.
    private readonly List<int> _places = [];

    private LocalDatasetLoader(DatasetOptions options, IDataStore store) => (_options, _store) = (options, store);

    /// <summary>Loads from the dataset's CSV files.</summary>
    public static Task<LocalDataset> LoadAsync(DatasetOptions options, CancellationToken cancellationToken = default) =>
        LoadAsync(options, new CsvDataStore(options), cancellationToken);

    /// <summary>Loads from a store.</summary>
    /// <exception cref="DatasetException">Anything is wrong; no sentence holds a value of the data.</exception>
    public static async Task<LocalDataset> LoadAsync(DatasetOptions options, IDataStore store, CancellationToken cancellationToken = default)
    {
        var loader = new LocalDatasetLoader(options, store);
        var lists = options.Split.File is null ? null : await RowSplitReader.ReadAsync(options.Split, loader._faults, cancellationToken);
        try
        {
            await loader.ReadRowsAsync(cancellationToken);
        }
        catch (DatasetException fault)
        {
            loader._faults.AddRange(fault.Faults);
        }

        if (loader._faults.Count > 0)
        {
            throw new DatasetException([.. loader._faults]);
        }

        var split = lists is null ? loader.Draw() : loader.Place(lists);
        loader.RequireRows(split);
        return loader._faults.Count == 0
            ? new(options.Name, options.Schema, [.. loader._inputs], [.. loader._labels], split)
            : throw new DatasetException([.. loader._faults]);
    }

    private async Task ReadRowsAsync(CancellationToken cancellationToken)
    {
        var names = await _store.ReadColumnNamesAsync(cancellationToken);
        RowEncoder? encoder = null;
        var inputs = Array.Empty<float>();
        await foreach (var row in _store.ReadRowsAsync(cancellationToken))
        {
            if (encoder is null)
            {
                encoder = new(_options, FindColumns(names, row.Cells.Length));
                inputs = new float[encoder.InputCount];
            }

            if (encoder.Encode(row, inputs, out var label) == RowOutcome.Usable)
            {
                _places.Add(_labels.Count);
                _inputs.AddRange(inputs);
                _labels.Add(label);
            }
            else
            {
                _places.Add(-1);
            }
        }

        if (encoder is null)
        {
            // Without a row the columns can still be looked for in a header.
            _ = names.IsEmpty ? [] : FindColumns(names, names.Length);
            throw new DatasetException($"Dataset {_options.Name} is empty: its files hold no row.");
        }

        _faults.AddRange(encoder.Faults);
        if (_labels.Count == 0 && _faults.Count == 0)
        {
            _faults.Add($"Dataset {_options.Name} is empty: each of its {_places.Count:N0} rows has a missing value in a column that is used.");
        }
    }

    private int[] FindColumns(ImmutableArray<string> names, int width)
    {
        var references = _options.Features.Select(feature => (Use: $"feature '{feature.Spec.Name}'", feature.Column))
            .Append((Use: $"label '{_options.Label.Name}'", _options.Label.Column))
            .ToArray();
        var faults = new List<string>();
        var columns = references.Select(reference => FindColumn(reference.Use, reference.Column, names, width, faults)).ToArray();
        return faults.Count == 0 ? columns : throw new DatasetException([.. faults]);
    }

    private static int FindColumn(string use, ColumnReference column, ImmutableArray<string> names, int width, List<string> faults)
    {
        var index = column.Name is { } name ? names.IndexOf(name, StringComparer.Ordinal) : column.Index;
        if (column.Name is { } repeated && names.Count(other => other == repeated) > 1)
        {
            faults.Add($"{use}: {column} is there more than once.");
        }
        else if (index < 0 || index >= width)
        {
            faults.Add($"{use}: {column} is not there; the first row has {width:N0} columns.");
        }

        return index;
    }

    // Rows named by lists keep the order of the lists: that is the order of batches that are not shuffled.
    private RowSplit Place(RowSplit lists)
    {
        var seen = new HashSet<int>();
        var train = PlaceList(_options.Split.Train, lists.Train, seen);
        var test = PlaceList(_options.Split.Test, lists.Test, seen);
        return new(train, test) { Validation = _options.Split.Validation is { } name ? PlaceList(name, lists.Validation, seen) : [] };
    }

    private ImmutableArray<int> PlaceList(string name, ImmutableArray<int> rows, HashSet<int> seen)
    {
        var outside = rows.Where(row => row >= _places.Count).ToArray();
        var inside = rows.Where(row => row < _places.Count).ToArray();
        AddFault(outside, $"row list '{name}' names rows beyond the last, which is row {_places.Count - 1:N0}");
        AddFault([.. inside.Where(row => !seen.Add(row))], $"row list '{name}' names rows that were named before");
        AddFault([.. inside.Where(row => _places[row] < 0)], $"row list '{name}' names rows with a missing value");
        return [.. inside.Select(row => _places[row])];
    }

    private void AddFault(int[] rows, string what)
    {
        if (rows.Length > 0)
        {
            _faults.Add($"{what}: {string.Join(", ", rows.Take(Shown))}{(rows.Length > Shown ? $" and {rows.Length - Shown:N0} more" : "")}.");
        }
    }

    // Each class is shuffled and cut apart, so that all parts have its share; the lists ascend.
    private RowSplit Draw()
    {
        var random = SeededRandom.For("split", _options.Split.Seed, _options.Name);
        var train = new List<int>();
        var test = new List<int>();
        var validation = new List<int>();
        for (var label = 0; label < _options.Schema.ClassCount; label++)
        {
            var rows = Enumerable.Range(0, _labels.Count).Where(row => _labels[row] == label).ToArray();
            random.Shuffle(rows.AsSpan());
            var count = (int)Math.Round(rows.Length * _options.Split.TestFraction, MidpointRounding.AwayFromZero);
            test.AddRange(rows[..count]);
            var held = Math.Min(
                rows.Length - count, (int)Math.Round(rows.Length * _options.Split.ValidationFraction, MidpointRounding.AwayFromZero));
            validation.AddRange(rows[count..(count + held)]);
            train.AddRange(rows[(count + held)..]);
        }

        return new([.. train.Order()], [.. test.Order()]) { Validation = [.. validation.Order()] };
    }

    private void RequireRows(RowSplit split)
    {
        if (_faults.Count == 0 && split.Train.IsEmpty)
        {
            _faults.Add($"Dataset {_options.Name} has no training row.");
        }

        if (_faults.Count == 0 && split.Test.IsEmpty)
        {
            _faults.Add($"Dataset {_options.Name} has no test row.");
        }
    }
}

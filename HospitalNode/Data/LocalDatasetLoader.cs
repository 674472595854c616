using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Loads a dataset for training, or says everything that is wrong with it at once.</summary>
internal sealed class LocalDatasetLoader : IDisposable
{
    private const int Shown = 5;

    private readonly DatasetOptions _options;
    private readonly IDataStore _store;
    private readonly RowCollector _inputs;
    private readonly RowGroups? _groups;
    private readonly List<string> _faults = [];
    private readonly LabelCollector _labels = new();

    // For each row of the store its row of the matrix, or -1 where it is not usable; kept only where row lists ask for it.
    private readonly List<int>? _places;
    private long _rows;
    private bool _hasMissing;

    private LocalDatasetLoader(DatasetOptions options, IDataStore store, string scratch, RowGroups? groups)
    {
        (_options, _store, _groups) = (options, store, groups);
        _inputs = new(options.Schema.InputCount, options.MemoryLimit, scratch);
        _places = options.Split.File is null ? null : [];
    }

    /// <summary>Loads from the store that the dataset's options name.</summary>
    public static Task<LocalDataset> LoadAsync(DatasetOptions options, CancellationToken cancellationToken = default) =>
        LoadAsync(options, DataStores.For(options), cancellationToken: cancellationToken);

    /// <summary>Loads from a store.</summary>
    /// <param name="options">The dataset.</param>
    /// <param name="store">The store.</param>
    /// <param name="scratch">Folder for rows that do not fit into the memory allowed; the system's own for temporary files when absent.</param>
    /// <param name="groups">Receives the usable rows' values in a column that is no input, in the order of the matrix; nothing does when absent.</param>
    /// <param name="requiresParts">Whether there must be training and test rows: not where somebody else splits the rows anew.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetException">Anything is wrong; no sentence holds a value of the data.</exception>
    public static async Task<LocalDataset> LoadAsync(
        DatasetOptions options, IDataStore store, string? scratch = null, RowGroups? groups = null, bool requiresParts = true, CancellationToken cancellationToken = default)
    {
        using var loader = new LocalDatasetLoader(options, store, scratch ?? Path.GetTempPath(), groups);
        var lists = options.Split.File is null ? null : await RowSplitReader.ReadAsync(options.Split, loader._faults, cancellationToken);
        try
        {
            await loader.ReadRowsAsync(cancellationToken);
        }
        catch (DatasetException fault) when (fault is not StoreAwayException || loader._faults.Count > 0)
        {
            loader._faults.AddRange(fault.Faults);
        }

        if (loader._faults.Count > 0)
        {
            throw new DatasetException([.. loader._faults]);
        }

        var labels = loader._labels.Finish();
        var split = lists is null ? SplitDraw.Of(labels, Math.Max(1, options.Schema.ClassCount), options.Split, options.Name) : loader.Place(lists);
        if (requiresParts)
        {
            loader.RequireRows(split);
        }

        return loader._faults.Count == 0
            ? new(options.Name, options.Schema, loader._inputs.Finish(), labels, split)
            {
                MinimumCell = options.MinimumCell, HasMissing = loader._hasMissing,
            }
            : throw new DatasetException([.. loader._faults]);
    }

    /// <inheritdoc/>
    public void Dispose() => _inputs.Dispose();

    private async Task ReadRowsAsync(CancellationToken cancellationToken)
    {
        var names = await _store.ReadColumnNamesAsync(cancellationToken);
        ImmutableArray<int> known = names.IsEmpty ? [] : [.. FindColumns(names, names.Length)];
        var encoder = known.IsEmpty ? null : EncoderOf([.. known]);
        var inputs = new float[_options.Schema.InputCount];
        await foreach (var row in _store.ReadRowsAsync(known, cancellationToken))
        {
            encoder ??= EncoderOf(FindColumns(names, row.CellCount));
            _rows++;
            if (encoder.Encode(row, inputs, out var label) == RowOutcome.Usable)
            {
                _places?.Add(_labels.Count);
                _groups?.Add(row);
                _hasMissing |= encoder.HasMarked;
                _inputs.Add(inputs);
                _labels.Add(label);
            }
            else
            {
                _places?.Add(-1);
            }
        }

        if (_rows == 0)
        {
            throw new DatasetException($"Dataset {_options.Name} is empty: its store holds no row.");
        }

        _faults.AddRange(encoder!.Faults);
        if (_labels.Count == 0 && _faults.Count == 0)
        {
            _faults.Add($"Dataset {_options.Name} is empty: each of its {_rows:N0} rows has a missing value in a column that is used.");
        }
    }

    private RowEncoder EncoderOf(int[] columns)
    {
        if (_groups is null)
        {
            return new(_options, columns);
        }

        _groups.Cell = columns[^1];
        return new(_options, columns[..^1]);
    }

    private int[] FindColumns(ImmutableArray<string> names, int width)
    {
        var references = _options.Features.Select(feature => (Use: $"feature '{feature.Spec.Name}'", feature.Column))
            .Append((Use: $"label '{_options.Label.Name}'", _options.Label.Column))
            .Concat(_groups is null ? [] : [(Use: "groups of rows", _groups.Column)])
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
        var outside = rows.Where(row => row >= _places!.Count).ToArray();
        var inside = rows.Where(row => row < _places!.Count).ToArray();
        AddFault(outside, $"row list '{name}' names rows beyond the last, which is row {_places!.Count - 1:N0}");
        AddFault([.. inside.Where(row => !seen.Add(row))], $"row list '{name}' names rows that were named before");
        AddFault([.. inside.Where(row => _places![row] < 0)], $"row list '{name}' names rows with a missing value");
        return [.. inside.Select(row => _places![row])];
    }

    private void AddFault(int[] rows, string what)
    {
        if (rows.Length > 0)
        {
            _faults.Add($"{what}: {string.Join(", ", rows.Take(Shown))}{(rows.Length > Shown ? $" and {rows.Length - Shown:N0} more" : "")}.");
        }
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

using System.Collections.Immutable;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>The datasets that a node's configuration describes. The ones read are kept while their stores stay as they are.</summary>
/// <param name="options">The datasets.</param>
/// <param name="time">The clock by which rows grow old.</param>
/// <param name="scratch">Folder for rows that do not fit into the memory allowed; the system's own for temporary files when absent.</param>
internal sealed class DatasetCatalog(IEnumerable<DatasetOptions> options, TimeProvider time, string? scratch = null) : IDatasetCatalog, IDisposable
{
    private readonly ImmutableDictionary<string, DatasetOptions> _options =
        options.ToImmutableDictionary(dataset => dataset.Name, StringComparer.Ordinal);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private ImmutableDictionary<string, (string Stamp, long Read, LocalDataset Dataset)> _loaded =
        ImmutableDictionary.Create<string, (string, long, LocalDataset)>(StringComparer.Ordinal);

    public ImmutableArray<string> Names => [.. _options.Keys.Order(StringComparer.Ordinal)];

    public DatasetSchema? SchemaOf(string name) => _options.GetValueOrDefault(name)?.Schema;

    public async Task<LocalDataset> LoadAsync(string name, CancellationToken cancellationToken)
    {
        if (!_options.TryGetValue(name, out var wanted))
        {
            throw new DatasetException($"There is no dataset {name} here.");
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            var store = DataStores.For(wanted);
            var stamp = $"{store.Stamp()}|{DataFiles.StampOf(wanted.Split.File is { } lists ? [lists] : [])}";
            if (_loaded.TryGetValue(name, out var known) && known.Stamp == stamp && time.GetElapsedTime(known.Read) < store.MaxAge)
            {
                return known.Dataset;
            }

            // Not both at once in memory: who uses the old one still holds it.
            _loaded = _loaded.Remove(name);
            var dataset = await LocalDatasetLoader.LoadAsync(wanted, store, scratch, cancellationToken);
            LargeMemory.Release((long)dataset.RowCount * sizeof(long));
            _loaded = _loaded.SetItem(name, (stamp, time.GetTimestamp(), dataset));
            return dataset;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();
}

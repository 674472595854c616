using System.Collections.Concurrent;
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

    // One a dataset: a query that takes an hour holds up nobody who wants another.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _loading = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Stamp, long Read, LocalDataset Dataset)> _loaded = new(StringComparer.Ordinal);

    public ImmutableArray<string> Names => [.. _options.Keys.Order(StringComparer.Ordinal)];

    public DatasetSchema? SchemaOf(string name) => _options.GetValueOrDefault(name)?.Schema;

    public async Task<LocalDataset> LoadAsync(string name, CancellationToken cancellationToken)
    {
        if (!_options.TryGetValue(name, out var wanted))
        {
            throw new DatasetException($"There is no dataset {name} here.");
        }

        var loading = _loading.GetOrAdd(name, _ => new(1, 1));
        await loading.WaitAsync(cancellationToken);
        try
        {
            var store = DataStores.For(wanted);
            var stamp = $"{store.Stamp()}|{DataFiles.StampOf(wanted.Split.File is { } lists ? [lists] : [])}";
            var isKnown = _loaded.TryGetValue(name, out var known) && known.Stamp == stamp;
            if (isKnown && time.GetElapsedTime(known.Read) < store.MaxAge)
            {
                return known.Dataset;
            }

            try
            {
                var dataset = await LocalDatasetLoader.LoadAsync(wanted, store, scratch, cancellationToken: cancellationToken);
                LargeMemory.Release((long)dataset.RowCount * sizeof(long));
                _loaded[name] = (stamp, time.GetTimestamp(), dataset);
                return dataset;
            }
            catch (StoreAwayException) when (isKnown)
            {
                // Rows that are older than they should be are better than a hospital that is away.
                return known.Dataset;
            }
        }
        finally
        {
            loading.Release();
        }
    }

    public void Dispose()
    {
        foreach (var loading in _loading.Values)
        {
            loading.Dispose();
        }
    }
}

using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>The datasets that a node's configuration describes. The ones read are kept while their files stay as they are.</summary>
internal sealed class DatasetCatalog(IEnumerable<DatasetOptions> options) : IDatasetCatalog, IDisposable
{
    private readonly ImmutableDictionary<string, DatasetOptions> _options =
        options.ToImmutableDictionary(dataset => dataset.Name, StringComparer.Ordinal);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private ImmutableDictionary<string, (string Stamp, LocalDataset Dataset)> _loaded =
        ImmutableDictionary.Create<string, (string, LocalDataset)>(StringComparer.Ordinal);

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
            var stamp = StampOf(wanted);
            if (_loaded.TryGetValue(name, out var known) && known.Stamp == stamp)
            {
                return known.Dataset;
            }

            var dataset = await LocalDatasetLoader.LoadAsync(wanted, cancellationToken);
            _loaded = _loaded.SetItem(name, (stamp, dataset));
            return dataset;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private static string StampOf(DatasetOptions options) => string.Join(
        '|',
        options.Files.Append(options.Split.File).OfType<string>().Select(path =>
        {
            var file = new FileInfo(path);
            return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "-";
        }));
}

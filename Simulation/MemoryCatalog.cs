using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Simulation;

/// <summary>Datasets that are in memory from the start.</summary>
internal sealed class MemoryCatalog : IDatasetCatalog
{
    private readonly ImmutableDictionary<string, LocalDataset> _datasets;
    private readonly ImmutableDictionary<string, DatasetSchema> _schemas;

    public MemoryCatalog(ImmutableArray<LocalDataset> datasets)
    {
        _datasets = datasets.ToImmutableDictionary(dataset => dataset.Name, StringComparer.Ordinal);
        _schemas = datasets.ToImmutableDictionary(dataset => dataset.Name, dataset => dataset.Schema, StringComparer.Ordinal);
    }

    public ImmutableArray<string> Names => [.. _datasets.Keys.Order(StringComparer.Ordinal)];

    public DatasetSchema? SchemaOf(string name) => _schemas.GetValueOrDefault(name);

    public Task<LocalDataset> LoadAsync(string name, CancellationToken cancellationToken) =>
        _datasets.TryGetValue(name, out var dataset)
            ? Task.FromResult(dataset)
            : Task.FromException<LocalDataset>(new DatasetException($"There is no dataset {name} here."));
}

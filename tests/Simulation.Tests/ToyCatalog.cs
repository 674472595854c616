using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Simulation;

/// <summary>A dataset whose reading a test decides each time.</summary>
internal sealed class ToyCatalog(LocalDataset dataset) : IDatasetCatalog
{
    private int _loads;

    /// <summary>How often it was read.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>What reading it gives; may throw.</summary>
    public Func<LocalDataset>? Load { get; set; }

    public ImmutableArray<string> Names => [dataset.Name];

    public DatasetSchema? SchemaOf(string name) => name == dataset.Name ? dataset.Schema : null;

    public async Task<LocalDataset> LoadAsync(string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        await Task.CompletedTask;
        return Load is { } load ? load() : dataset;
    }
}

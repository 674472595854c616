using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>The datasets of a hospital by name.</summary>
internal interface IDatasetCatalog
{
    /// <summary>Names.</summary>
    ImmutableArray<string> Names { get; }

    /// <summary>Schema of a dataset, or null where there is none of that name.</summary>
    DatasetSchema? SchemaOf(string name);

    /// <summary>Reads a dataset; the one read last is kept in memory while its files stay as they are.</summary>
    /// <exception cref="DatasetException">It can't be read as described.</exception>
    Task<LocalDataset> LoadAsync(string name, CancellationToken cancellationToken);
}

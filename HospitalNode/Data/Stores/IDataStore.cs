using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Where a hospital keeps the rows of a dataset. Read only, row by row, in memory that does not grow with the number of rows.</summary>
internal interface IDataStore
{
    /// <summary>Names of the columns in order; empty where they have none.</summary>
    /// <exception cref="DatasetException">The store cannot be read.</exception>
    ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default);

    /// <summary>All rows, always in the same order: the number of a row is its place here, counted from 0.</summary>
    /// <param name="columns">Numbers of the columns whose cells will be asked for; any where they are not known.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Rows, each valid until the next one is asked for.</returns>
    /// <exception cref="DatasetException">The store cannot be read.</exception>
    IAsyncEnumerable<StoreRow> ReadRowsAsync(ImmutableArray<int> columns, CancellationToken cancellationToken = default);

    /// <summary>What changes when the rows may have changed, found without reading them.</summary>
    string Stamp();

    /// <summary>How long rows once read count as those of the store where <see cref="Stamp"/> cannot tell; for ever where it can.</summary>
    TimeSpan MaxAge => TimeSpan.MaxValue;
}

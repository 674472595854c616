using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Where a hospital keeps the rows of a dataset. Read only, row by row.</summary>
internal interface IDataStore
{
    /// <summary>Names of the columns in order; empty where they have none.</summary>
    /// <exception cref="DatasetException">The store cannot be read.</exception>
    ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default);

    /// <summary>All rows, always in the same order: the number of a row is its place here, counted from 0.</summary>
    /// <exception cref="DatasetException">The store cannot be read.</exception>
    IAsyncEnumerable<RawRow> ReadRowsAsync(CancellationToken cancellationToken = default);
}

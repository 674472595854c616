using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace FederatedOrleans.Data;

/// <summary>Parquet files through DuckDB: one thread, bounded memory, no extension from the network, rows in the order of the files.</summary>
/// <remarks>What DuckDB says of a broken file stays here: it may quote what the file holds.</remarks>
internal sealed class ParquetDataStore(ParquetOptions options, string missing) : IDataStore
{
    // As the reader's own columns name them, so that columns may be given by number too.
    private ImmutableArray<(string Name, Type Type)> _columns;

    /// <inheritdoc/>
    public string Stamp() => DataFiles.StampOf(options.Files);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default)
    {
        DataFiles.Require(options.Files);
        _columns = await GuardAsync(async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var command = Command(connection, "SELECT * FROM " + Source() + " LIMIT 0");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return DatabaseColumns.Of(reader);
        });
        return [.. _columns.Select(column => column.Name)];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRow> ReadRowsAsync(
        ImmutableArray<int> columns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chosen = DatabaseColumns.Choose(_columns, columns);
        var names = chosen.Select(column =>
            $"CAST({DatabaseColumns.Quoted(_columns[column.Place].Name)} AS {(column.IsText ? "VARCHAR" : "DOUBLE")})");
        await using var connection = await GuardAsync(() => OpenAsync(cancellationToken));
        await using var command = Command(connection, $"SELECT {string.Join(", ", names)} FROM {Source()}");
        await using var reader = await GuardAsync(() => command.ExecuteReaderAsync(cancellationToken));
        var row = new DatabaseRow("parquet", _columns.Length, chosen, missing);
        while (Next(reader, row, cancellationToken))
        {
            yield return row;
        }
    }

    // DuckDB reads in this process: there is nothing to wait for, and a task a row would cost more than the row.
    private static bool Next(DbDataReader reader, DatabaseRow row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!reader.Read())
            {
                return false;
            }

            row.Take(reader);
            return true;
        }
        catch (DuckDBException)
        {
            throw Broken();
        }
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (DuckDBException)
        {
            throw Broken();
        }
    }

    private static DatasetException Broken() =>
        new("The Parquet files cannot be read: one is damaged or no Parquet file, they differ in their columns, or DuckDB's memory is not enough.");

    private static DbCommand Command(DuckDBConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;

        // Otherwise all rows would be in memory before the first is read.
        command.UseStreamingMode = true;
        return command;
    }

    private async Task<DuckDBConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                SET threads = 1;
                SET memory_limit = '{options.DuckDbMemory}B';
                SET preserve_insertion_order = true;
                SET autoinstall_known_extensions = false;
                SET autoload_known_extensions = false;
                SET lock_configuration = true;
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private string Source() =>
        $"read_parquet([{string.Join(", ", options.Files.Select(file => $"'{file.Replace("'", "''", StringComparison.Ordinal)}'"))}])";
}

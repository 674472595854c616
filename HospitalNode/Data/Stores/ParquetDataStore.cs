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
    /// <inheritdoc/>
    public string Stamp() => DataFiles.StampOf(options.Files);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default)
    {
        DataFiles.Require(options.Files);
        await using var connection = await OpenAsync(cancellationToken);
        var first = await ColumnsOfAsync(connection, options.Files[0], cancellationToken);
        var faults = new List<string>();
        foreach (var file in options.Files.Skip(1))
        {
            var columns = await ColumnsOfAsync(connection, file, cancellationToken);
            if (!columns.Select(column => column.Name).SequenceEqual(first.Select(column => column.Name), StringComparer.Ordinal))
            {
                faults.Add($"{Path.GetFileName(file)}: its columns differ from those of {Path.GetFileName(options.Files[0])}.");
            }
        }

        return faults.Count == 0 ? [.. first.Select(column => column.Name)] : throw new DatasetException([.. faults]);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRow> ReadRowsAsync(
        ImmutableArray<int> columns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);

        // File by file: together they would all be read as the types of the first, and 2.3 after whole numbers as 2.
        foreach (var file in options.Files)
        {
            var all = await ColumnsOfAsync(connection, file, cancellationToken);
            var chosen = DatabaseColumns.Choose(all, columns);
            var names = chosen.Select(column => $"{DatabaseColumns.Quoted(all[column.Place].Name)}{Cast(column.Kind)}");
            await using var command = Command(connection, $"SELECT {string.Join(", ", names)} FROM {Source(file)}");
            await using var reader = await GuardAsync(file, () => command.ExecuteReaderAsync(cancellationToken));
            var row = new DatabaseRow(Path.GetFileName(file), all.Length, chosen, missing);
            while (Next(file, reader, row, cancellationToken))
            {
                yield return row;
            }
        }
    }

    // DuckDB reads in this process: there is nothing to wait for, and a task a row would cost more than the row.
    private static bool Next(string file, DbDataReader reader, DatabaseRow row, CancellationToken cancellationToken)
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
            throw Broken(file);
        }
    }

    private static async Task<T> GuardAsync<T>(string file, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (DuckDBException)
        {
            throw Broken(file);
        }
    }

    private static DatasetException Broken(string file) =>
        new($"The Parquet file {file} cannot be read: it is damaged or no Parquet file, or duckDbMemory is not enough for it.");

    private static string Cast(DatabaseColumnKind kind) => kind switch
    {
        DatabaseColumnKind.Text => "::VARCHAR",
        DatabaseColumnKind.Single => "",
        _ => "::DOUBLE",
    };

    private static Task<ImmutableArray<(string Name, Type Type)>> ColumnsOfAsync(
        DuckDBConnection connection, string file, CancellationToken cancellationToken) => GuardAsync(file, async () =>
        {
            await using var command = Command(connection, $"SELECT * FROM {Source(file)} LIMIT 0");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return DatabaseColumns.Of(reader);
        });

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
                SET temp_directory = '';
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

    private static string Source(string file) => $"read_parquet('{file.Replace("'", "''", StringComparison.Ordinal)}')";
}

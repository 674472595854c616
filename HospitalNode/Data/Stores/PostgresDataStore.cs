using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;

namespace FederatedOrleans.Data;

/// <summary>A query to PostgreSQL in one read-only transaction, so that all rows are of one moment and nothing can be written.</summary>
/// <remarks>What the server says of a failure stays here but for its code: it may quote a value.</remarks>
internal sealed class PostgresDataStore(PostgresOptions options, string missing) : IDataStore
{
    private const int SecondsOfGrace = 30;

    private ImmutableArray<(string Name, Type Type)> _columns;

    /// <inheritdoc/>
    public string Stamp() => "";

    /// <inheritdoc/>
    public TimeSpan MaxAge => options.Refresh;

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> ReadColumnNamesAsync(CancellationToken cancellationToken = default)
    {
        _columns = await GuardAsync(async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await BeginAsync(connection, cancellationToken);
            await using var command = new NpgsqlCommand($"SELECT * FROM ({options.Query}\n) AS q LIMIT 0", connection, transaction);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return DatabaseColumns.Of(reader);
        });
        var names = _columns.Select(column => column.Name).ToImmutableArray();
        var absent = options.OrderBy.Except(names, StringComparer.Ordinal).ToArray();
        return absent.Length == 0
            ? names
            : throw new DatasetException([.. absent.Select(name => $"orderBy: the query has no column '{name}'.")]);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRow> ReadRowsAsync(
        ImmutableArray<int> columns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chosen = DatabaseColumns.Choose(_columns, columns);
        var names = chosen.Select(column => $"q.{DatabaseColumns.Quoted(_columns[column.Place].Name)}{Cast(column)}");
        var order = options.OrderBy.Select(name => $"q.{DatabaseColumns.Quoted(name)}");
        await using var connection = await GuardAsync(() => OpenAsync(cancellationToken));
        await using var transaction = await GuardAsync(() => BeginAsync(connection, cancellationToken));
        await using var command = new NpgsqlCommand(
            $"SELECT {string.Join(", ", names)} FROM ({options.Query}\n) AS q ORDER BY {string.Join(", ", order)}", connection, transaction);
        await using var reader = await GuardAsync(() => command.ExecuteReaderAsync(cancellationToken));
        var row = new DatabaseRow("query", _columns.Length, chosen, missing);
        while (await GuardAsync(() => reader.ReadAsync(cancellationToken)))
        {
            row.Take(reader);
            yield return row;
        }
    }

    private string Cast(DatabaseColumn column) =>
        column.Kind switch
    {
        DatabaseColumnKind.Text => "::text",
        DatabaseColumnKind.Single => "",
        _ => _columns[column.Place].Type == typeof(bool) ? "::int::float8" : "::float8",
    };

    private static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new DatasetException($"The query took longer than timeout allows (code {fault.SqlState}).");
        }
        catch (PostgresException fault) when (fault.IsTransient || fault.SqlState.StartsWith("57P", StringComparison.Ordinal))
        {
            throw new StoreAwayException($"The database cannot serve now (code {fault.SqlState}).");
        }
        catch (PostgresException fault)
        {
            throw new DatasetException($"The database refuses the query (code {fault.SqlState}). Its own log says why; try the query with psql as the same user.");
        }
        catch (NpgsqlException)
        {
            throw new StoreAwayException("The database cannot be reached, or the connection broke: look at host, port, password and certificate.");
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.Connection)
        {
            Pooling = false,
            // The server ends what takes too long; this is for a server that is gone.
            CommandTimeout = (int)options.Timeout.TotalSeconds + SecondsOfGrace,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {(long)options.Timeout.TotalMilliseconds}"),
            connection,
            transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }
}

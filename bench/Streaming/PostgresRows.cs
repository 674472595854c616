using System.Data;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;

namespace FederatedOrleans.Bench.Streaming;

/// <summary>A table of real columns in a PostgreSQL server of the measurement's own.</summary>
internal sealed class PostgresRows : IStoredRows
{
    private readonly PostgresServer _server;
    private readonly NpgsqlConnectionStringBuilder _database;

    private PostgresRows(int count, PostgresServer server, NpgsqlConnectionStringBuilder database) => (Count, _server, _database) = (count, server, database);

    public int Count { get; }

    public int Columns => 20;

    private string Names => string.Join(", ", Enumerable.Range(0, Columns).Select(column => $"x{column}"));

    public static async Task<PostgresRows> MakeAsync(int count, CancellationToken cancellationToken)
    {
        var server = await PostgresServer.StartAsync(cancellationToken);
        var rows = new PostgresRows(count, server, await server.CreateDatabaseAsync("rows", cancellationToken));
        await using var source = NpgsqlDataSource.Create(rows._database);
        await using var command = source.CreateCommand($"""
            CREATE TABLE rows (id int PRIMARY KEY, {string.Join(", ", Enumerable.Range(0, rows.Columns).Select(column => $"x{column} real"))}, y boolean);
            SELECT setseed(0.5);
            INSERT INTO rows SELECT g, {string.Join(", ", Enumerable.Repeat("random() * 2 - 1", rows.Columns))}, g % 2 = 0 FROM generate_series(1, {count}) g;
            ANALYZE rows;
            """);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellationToken);
        return rows;
    }

    public JsonObject Describe(string folder)
    {
        var password = Path.Combine(folder, "password");
        File.WriteAllText(password, _database.Password);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new()
        {
            ["store"] = "postgresql",
            ["connection"] = new JsonObject
            {
                ["host"] = _database.Host,
                ["port"] = _database.Port,
                ["database"] = _database.Database,
                ["user"] = _database.Username,
                ["passwordFile"] = password,
            },
            ["query"] = "SELECT * FROM rows",
            ["orderBy"] = new JsonArray("id"),
        };
    }

    public async Task<TimeSpan> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT {Names.Replace(",", "::float8,", StringComparison.Ordinal)}::float8, y::int::float8 FROM rows ORDER BY id", connection) { CommandTimeout = 600 };
        var began = Stopwatch.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        var sum = 0.0;
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                sum += reader.GetDouble(column);
            }
        }

        GC.KeepAlive(sum);
        return Stopwatch.GetElapsedTime(began);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

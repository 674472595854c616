using System.Data.Common;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace FederatedOrleans.Bench.Streaming;

/// <summary>Float32 columns in one Parquet file, by DuckDB.</summary>
internal sealed class ParquetRows : IStoredRows
{
    private const long DuckDbMemory = 128L << 20;
    private readonly string _file = Path.Combine(BenchFolders.Create().FullName, "rows.parquet");

    private ParquetRows(int count) => Count = count;

    public int Count { get; }

    public int Columns => 50;

    public static async Task<ParquetRows> MakeAsync(int count, CancellationToken cancellationToken)
    {
        var rows = new ParquetRows(count);
        await using var connection = await OpenAsync("SET memory_limit = '2GB'", cancellationToken);
        await using var command = connection.CreateCommand();
        var columns = string.Join(", ", Enumerable.Range(0, rows.Columns).Select(column => $"((hash(range * 64 + {column}) % 2000000) / 1e6 - 1)::FLOAT AS x{column}"));
        command.CommandText = $"COPY (SELECT {columns}, (hash(range * 64) % 2 = 0)::TINYINT AS y FROM range({count})) TO '{rows._file}' (FORMAT parquet)";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return rows;
    }

    public JsonObject Describe(string folder) =>
        new() { ["store"] = "parquet", ["files"] = new JsonArray(_file), ["duckDbMemory"] = DuckDbMemory };

    public async Task<TimeSpan> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync($"SET threads = 1; SET memory_limit = '{DuckDbMemory}B'", cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", Enumerable.Range(0, Columns).Select(column => $"x{column}::DOUBLE"))}, y::DOUBLE FROM read_parquet('{_file}')";
        command.UseStreamingMode = true;
        var began = Stopwatch.GetTimestamp();
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var sum = 0.0;
        while (reader.Read())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                sum += reader.GetDouble(column);
            }
        }

        GC.KeepAlive(sum);
        return Stopwatch.GetElapsedTime(began);
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_file);
        return ValueTask.CompletedTask;
    }

    private static async Task<DuckDBConnection> OpenAsync(string settings, CancellationToken cancellationToken)
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = settings;
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Bench.Links;

/// <summary>What commits alone cost: upserts of 4 KB in SQLite as the Silo has it (WAL, synchronous FULL), one after the other.</summary>
internal static class BareCommits
{
    private const int Bytes = 4096;
    private const int Times = 500;

    /// <summary>The median of a commit in milliseconds, on the disk of a folder.</summary>
    public static async Task<double> MeasureAsync(string folder, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "commits.db")};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS states (id INTEGER PRIMARY KEY, state BLOB);", cancellationToken);
        await using var upsert = connection.CreateCommand();
        upsert.CommandText = "INSERT INTO states VALUES (1, $state) ON CONFLICT (id) DO UPDATE SET state = $state;";
        var state = new byte[Bytes];
        var parameter = upsert.Parameters.AddWithValue("$state", state);
        var measured = new double[Times];
        for (var time = 0; time < Times; time++)
        {
            // Other bytes each time: SQLite writes nothing where a row is as it was.
            RandomNumberGenerator.Fill(state);
            parameter.Value = state;
            var began = Stopwatch.GetTimestamp();
            await upsert.ExecuteNonQueryAsync(cancellationToken);
            measured[time] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(measured);
        return measured[Times / 2];
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

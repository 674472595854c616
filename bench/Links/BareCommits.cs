using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Bench.Links;

/// <summary>What commits alone cost: upserts of 4 KB in SQLite as the Silo has it (WAL, synchronous FULL).</summary>
internal sealed class BareCommits : IAsyncDisposable
{
    private const int Bytes = 4096;
    private const int Times = 500;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _upsert;
    private readonly byte[] _state = new byte[Bytes];

    private BareCommits(SqliteConnection connection, SqliteCommand upsert) => (_connection, _upsert) = (connection, upsert);

    /// <summary>Opens a file on the disk of a folder.</summary>
    public static async Task<BareCommits> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "commits.db")};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using (var create = connection.CreateCommand())
        {
            create.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS states (id INTEGER PRIMARY KEY, state BLOB);";
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        var upsert = connection.CreateCommand();
        upsert.CommandText = "INSERT INTO states VALUES (1, $state) ON CONFLICT (id) DO UPDATE SET state = $state;";
        upsert.Parameters.Add("$state", SqliteType.Blob);
        return new(connection, upsert);
    }

    /// <summary>One commit.</summary>
    public Task CommitAsync(CancellationToken cancellationToken)
    {
        // Other bytes each time: SQLite writes nothing where a row is as it was.
        RandomNumberGenerator.Fill(_state);
        _upsert.Parameters[0].Value = _state;
        return _upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The median of a commit in milliseconds, one right after the other.</summary>
    public async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        var measured = new double[Times];
        for (var time = 0; time < Times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            await CommitAsync(cancellationToken);
            measured[time] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        return Quantiles.AtPart(measured, .5);
    }

    public async ValueTask DisposeAsync()
    {
        await _upsert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

using Npgsql;

namespace FederatedOrleans.Postgres;

/// <summary>The tables and query texts, made and brought up to date by the program itself.</summary>
/// <remarks>
/// All in one transaction under an advisory lock: Silos that start at once wait for each other, and nobody sees half a schema. What runs
/// beside it goes on: texts are read at the start of a Silo only.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>Version of this schema; a database of a newer one is refused.</summary>
    public const int Version = 2;

    // Any number that nobody else uses in this database.
    private const long Lock = 0x466564_4F726C;

    private const string MainTables = """
        CREATE TABLE IF NOT EXISTS SchemaVersion (Id boolean NOT NULL PRIMARY KEY CHECK (Id), Version integer NOT NULL);
        CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey varchar(64) NOT NULL PRIMARY KEY, QueryText text NOT NULL);
        """;

    // One text a version, in order; one that has been released is never changed.
    private static readonly string[] Steps =
    [
        ClusteringSql.Tables + ReminderSql.Tables + StateSql.Tables + BlobSql.Tables,

        // The tables are the same; a run's state names pages of its rounds, which programs of version 1 would take for no rounds at all.
        "SELECT 1",
    ];

    /// <summary>Makes or checks the schema.</summary>
    /// <exception cref="FederationException">The database holds a newer schema.</exception>
    /// <exception cref="NpgsqlException">The server refused something, or is not there.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        await ExecuteAsync(connection, MainTables, cancellationToken);
        var found = await VersionAsync(connection, cancellationToken);
        if (found > Version)
        {
            throw new FederationException(
                $"The database {connection.Database} was set up by a newer version of this program (schema {found}; this one knows {Version})."
                + " Install that version.");
        }

        foreach (var step in Steps[found..])
        {
            await ExecuteAsync(connection, step, cancellationToken);
        }

        foreach (var (key, text) in ClusteringSql.Queries.Concat(ReminderSql.Queries).Concat(StateSql.Queries))
        {
            await using var upsert = new NpgsqlCommand(
                """
                INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES (@key, @text)
                ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText WHERE OrleansQuery.QueryText <> excluded.QueryText
                """,
                connection);
            upsert.Parameters.AddWithValue("key", key);
            upsert.Parameters.AddWithValue("text", text);
            await upsert.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync(
            connection,
            $"INSERT INTO SchemaVersion VALUES (true, {Version}) ON CONFLICT (Id) DO UPDATE SET Version = {Version}",
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var read = new NpgsqlCommand("SELECT Version FROM SchemaVersion", connection);
        return await read.ExecuteScalarAsync(cancellationToken) is int version ? version : 0;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

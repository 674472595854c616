using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Storage;

/// <summary>The tables and query texts that Orleans' ADO.NET grain storage asks for, made at start.</summary>
/// <remarks>
/// A text of two guarded statements is atomic enough here: at most one of them changes a row, and the unique index decides between two
/// first writes. A conflict is said by returning no row. The tables are those of centre and hospitals: a change of them is a new version of
/// the files of both.
/// </remarks>
internal static class SqliteSchema
{
    private const string Identity = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainTypeString = @GrainTypeString AND ServiceId = @ServiceId
        AND coalesce(GrainIdExtensionString, '') = coalesce(@GrainIdExtensionString, '')
        """;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey TEXT NOT NULL PRIMARY KEY, QueryText TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS GrainState (
            GrainIdHash INTEGER NOT NULL,
            GrainIdN0 INTEGER NOT NULL,
            GrainIdN1 INTEGER NOT NULL,
            GrainTypeHash INTEGER NOT NULL,
            GrainTypeString TEXT NOT NULL,
            GrainIdExtensionString TEXT NULL,
            ServiceId TEXT NOT NULL,
            PayloadBinary BLOB NULL,
            ModifiedOn TEXT NOT NULL,
            Version INTEGER NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS GrainStateIdentity ON GrainState (
            GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId, coalesce(GrainIdExtensionString, ''));
        """;

    private static readonly (string Key, string Text)[] Queries =
    [
        ("ReadFromStorageKey", $"SELECT PayloadBinary, Version FROM GrainState WHERE {Identity}"),
        ("WriteToStorageKey", $"""
            UPDATE GrainState SET PayloadBinary = @PayloadBinary, ModifiedOn = datetime('now'), Version = Version + 1
            WHERE {Identity} AND Version = @GrainStateVersion
            RETURNING Version AS NewGrainStateVersion;
            INSERT INTO GrainState (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                PayloadBinary, ModifiedOn, Version)
            SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
                @PayloadBinary, datetime('now'), 1
            WHERE @GrainStateVersion IS NULL
            ON CONFLICT DO NOTHING
            RETURNING Version AS NewGrainStateVersion;
            """),
        ("ClearStorageKey", $"""
            UPDATE GrainState SET PayloadBinary = NULL, ModifiedOn = datetime('now'), Version = Version + 1
            WHERE {Identity} AND Version = @GrainStateVersion
            RETURNING Version AS NewGrainStateVersion
            """),
        ("DeleteStorageKey", $"""
            DELETE FROM GrainState WHERE {Identity} AND Version = @GrainStateVersion RETURNING Version + 1 AS NewGrainStateVersion
            """),
    ];

    /// <summary>Makes or checks the schema.</summary>
    /// <param name="path">The file.</param>
    /// <param name="version">The newest version of what such a file holds that this program knows.</param>
    /// <exception cref="DataFolderException">The file is of a newer version.</exception>
    public static void Apply(string path, int version)
    {
        using var source = new SqliteDataSource(path);
        using var connection = (SqliteConnection)source.OpenConnection();
        using var transaction = SqliteFile.Begin(connection, version);
        SqliteFile.Execute(connection, Tables);
        foreach (var (key, text) in Queries)
        {
            using var upsert = connection.CreateCommand();
            upsert.CommandText =
                "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($key, $text) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = $text";
            upsert.Parameters.AddWithValue("$key", key);
            upsert.Parameters.AddWithValue("$text", text);
            upsert.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}

namespace FederatedOrleans.Postgres;

/// <summary>The state of grains. A conflict is said by returning no row; between two first writes the unique index decides.</summary>
internal static class StateSql
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS GrainState (
            GrainIdHash integer NOT NULL,
            GrainIdN0 bigint NOT NULL,
            GrainIdN1 bigint NOT NULL,
            GrainTypeHash integer NOT NULL,
            GrainTypeString varchar(512) NOT NULL,
            GrainIdExtensionString varchar(512) NULL,
            ServiceId varchar(150) NOT NULL,
            PayloadBinary bytea NULL,
            ModifiedOn timestamptz NOT NULL,
            Version integer NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS GrainStateIdentity ON GrainState (
            GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId, coalesce(GrainIdExtensionString, ''));
        """;

    private const string Identity = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainTypeString = @GrainTypeString AND ServiceId = @ServiceId
        AND coalesce(GrainIdExtensionString, '') = coalesce(@GrainIdExtensionString, '')
        """;

    public static readonly (string Key, string Text)[] Queries =
    [
        ("ReadFromStorageKey", $"SELECT PayloadBinary, Version FROM GrainState WHERE {Identity}"),
        ("WriteToStorageKey", $"""
            UPDATE GrainState SET PayloadBinary = @PayloadBinary, ModifiedOn = now(), Version = Version + 1
            WHERE {Identity} AND Version = @GrainStateVersion
            RETURNING Version AS NewGrainStateVersion;
            INSERT INTO GrainState (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                PayloadBinary, ModifiedOn, Version)
            SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
                @PayloadBinary, now(), 1
            WHERE @GrainStateVersion IS NULL
            ON CONFLICT DO NOTHING
            RETURNING Version AS NewGrainStateVersion
            """),
        ("ClearStorageKey", $"""
            UPDATE GrainState SET PayloadBinary = NULL, ModifiedOn = now(), Version = Version + 1
            WHERE {Identity} AND Version = @GrainStateVersion
            RETURNING Version AS NewGrainStateVersion
            """),
        ("DeleteStorageKey", $"""
            DELETE FROM GrainState WHERE {Identity} AND Version = @GrainStateVersion RETURNING Version + 1 AS NewGrainStateVersion
            """),
    ];
}

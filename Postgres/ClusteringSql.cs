namespace FederatedOrleans.Postgres;

/// <summary>Who is in the cluster: a version row a cluster, and a row for each incarnation of a Silo.</summary>
/// <remarks>
/// A write is one statement: first the guarded update of the version row, whose lock makes writers queue, then the Silo's row, fed from it.
/// So of two writers that read the same version one is done, and the other changes nothing.
/// </remarks>
internal static class ClusteringSql
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS ClusterVersion (
            DeploymentId varchar(150) NOT NULL PRIMARY KEY,
            Version integer NOT NULL,
            ChangedOn timestamptz NOT NULL);
        CREATE TABLE IF NOT EXISTS ClusterSilo (
            DeploymentId varchar(150) NOT NULL,
            Address varchar(45) NOT NULL,
            Port integer NOT NULL,
            Generation integer NOT NULL,
            SiloName varchar(150) NOT NULL,
            HostName varchar(255) NOT NULL,
            Status integer NOT NULL,
            ProxyPort integer NOT NULL,
            SuspectTimes varchar(8000) NULL,
            StartTime timestamptz NOT NULL,
            IAmAliveTime timestamptz NOT NULL,
            PRIMARY KEY (DeploymentId, Address, Port, Generation));
        """;

    private const string SameSilo = """
        s.DeploymentId = @DeploymentId AND s.Address = @Address AND s.Port = @Port AND s.Generation = @Generation
        """;

    private const string Rows = """
        SELECT s.Address, s.Port, s.Generation, s.SiloName, s.HostName, s.Status, s.ProxyPort, s.SuspectTimes, s.StartTime, s.IAmAliveTime,
            v.Version
        FROM ClusterVersion v LEFT JOIN ClusterSilo s ON s.DeploymentId = v.DeploymentId
        """;

    public static readonly (string Key, string Text)[] Queries =
    [
        ("InsertMembershipVersionKey", """
            WITH added AS (
                INSERT INTO ClusterVersion (DeploymentId, Version, ChangedOn) VALUES (@DeploymentId, 0, now())
                ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*) FROM added
            """),
        ("MembershipReadRowKey", $"""
            {Rows} AND s.Address = @Address AND s.Port = @Port AND s.Generation = @Generation
            WHERE v.DeploymentId = @DeploymentId
            """),
        ("MembershipReadAllKey", $"{Rows} WHERE v.DeploymentId = @DeploymentId"),
        ("InsertMembershipKey", $"""
            WITH moved AS (
                UPDATE ClusterVersion SET Version = Version + 1, ChangedOn = now()
                WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (SELECT FROM ClusterSilo s WHERE {SameSilo})
                RETURNING DeploymentId),
            added AS (
                INSERT INTO ClusterSilo (
                    DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
                SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
                FROM moved RETURNING 1)
            SELECT count(*) FROM added
            """),
        ("UpdateMembershipKey", $"""
            WITH moved AS (
                UPDATE ClusterVersion SET Version = Version + 1, ChangedOn = now()
                WHERE DeploymentId = @DeploymentId AND Version = @Version AND EXISTS (SELECT FROM ClusterSilo s WHERE {SameSilo})
                RETURNING DeploymentId),
            changed AS (
                UPDATE ClusterSilo s SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
                FROM moved WHERE {SameSilo} RETURNING 1)
            SELECT count(*) FROM changed
            """),
        ("UpdateIAmAlivetimeKey", $"UPDATE ClusterSilo s SET IAmAliveTime = @IAmAliveTime WHERE {SameSilo}"),
        ("GatewaysQueryKey", """
            SELECT Address, ProxyPort, Generation FROM ClusterSilo
            WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
            """),
        ("CleanupDefunctSiloEntriesKey", """
            DELETE FROM ClusterSilo WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3
            """),
        ("DeleteMembershipTableEntriesKey", """
            WITH silos AS (DELETE FROM ClusterSilo WHERE DeploymentId = @DeploymentId)
            DELETE FROM ClusterVersion WHERE DeploymentId = @DeploymentId
            """),
    ];
}

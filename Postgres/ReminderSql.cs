namespace FederatedOrleans.Postgres;

/// <summary>Reminders. Hashes are unsigned in Orleans and signed here: a range may run over the change of sign.</summary>
internal static class ReminderSql
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS Reminder (
            ServiceId varchar(150) NOT NULL,
            GrainId varchar(500) NOT NULL,
            ReminderName varchar(150) NOT NULL,
            StartTime timestamptz NOT NULL,
            Period bigint NOT NULL,
            GrainHash integer NOT NULL,
            Version integer NOT NULL,
            PRIMARY KEY (ServiceId, GrainId, ReminderName));
        CREATE INDEX IF NOT EXISTS ReminderByHash ON Reminder (ServiceId, GrainHash);
        """;

    private const string Rows = "SELECT GrainId, ReminderName, StartTime, Period, Version FROM Reminder WHERE ServiceId = @ServiceId";

    public static readonly (string Key, string Text)[] Queries =
    [
        ("UpsertReminderRowKey", """
            INSERT INTO Reminder (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
            VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
            ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE SET
                StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = Reminder.Version + 1
            RETURNING Version
            """),
        ("ReadReminderRowKey", $"{Rows} AND GrainId = @GrainId AND ReminderName = @ReminderName"),
        ("ReadReminderRowsKey", $"{Rows} AND GrainId = @GrainId"),
        ("ReadRangeRows1Key", $"{Rows} AND GrainHash > @BeginHash AND GrainHash <= @EndHash"),
        ("ReadRangeRows2Key", $"{Rows} AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)"),
        ("DeleteReminderRowKey", """
            WITH gone AS (
                DELETE FROM Reminder
                WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
                RETURNING 1)
            SELECT count(*) FROM gone
            """),
        ("DeleteReminderRowsKey", "DELETE FROM Reminder WHERE ServiceId = @ServiceId"),
    ];
}

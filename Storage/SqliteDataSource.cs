using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace FederatedOrleans.Storage;

/// <summary>Connections to one SQLite file, each set so that a write that has been answered survives a power cut.</summary>
internal sealed class SqliteDataSource : DbDataSource
{
    private const int BusyTimeoutSeconds = 10;

    // Connections that were told their settings; the driver hands them out again, with their settings, to whoever opens one next.
    private readonly ConditionalWeakTable<object, object> _set = [];

    public SqliteDataSource(string path) => ConnectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = BusyTimeoutSeconds,
        Pooling = true,
    }.ToString();

    public override string ConnectionString { get; }

    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.StateChange += (sender, change) =>
        {
            if (change.CurrentState == ConnectionState.Open && !_set.TryGetValue(((SqliteConnection)sender!).Handle!, out _))
            {
                // Without a busy timeout of SQLite's own the driver pauses 150 ms whenever two grains write at once; SQLite begins with 1 ms.
                using var command = ((SqliteConnection)sender).CreateCommand();
                command.CommandText = $"PRAGMA busy_timeout = {BusyTimeoutSeconds * 1000}; PRAGMA synchronous = FULL";
                command.ExecuteNonQuery();
                _set.AddOrUpdate(((SqliteConnection)sender).Handle!, this);
            }
        };
        return connection;
    }
}

using System.Globalization;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Simulation;

/// <summary>Grains of one process share a SQLite file: one that finds it locked must wait for the write, not for a pause of its driver.</summary>
public sealed class SqliteContentionTests
{
    [Fact]
    public async Task A_locked_file_is_waited_for_by_sqlite_itself()
    {
        using var source = new SqliteDataSource(":memory:");
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";

        Assert.Equal(10_000L, Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
    }
}

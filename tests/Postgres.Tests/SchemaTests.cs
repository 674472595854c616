using FederatedOrleans.Postgres;

namespace FederatedOrleans;

public sealed class SchemaTests(ServerFixture server)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_that_start_at_once_make_one_schema()
    {
        var connection = await server.CreateAsync();
        var databases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresDatabase.OpenAsync(connection, Token)));

        await using (var read = databases[0].Source.CreateCommand(
            "SELECT (SELECT count(*) FROM OrleansQuery) * 1000 + (SELECT count(*) FROM SchemaVersion WHERE Version = 2)"))
        {
            Assert.Equal(20_001L, await read.ExecuteScalarAsync(Token));
        }

        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        var connection = await server.CreateAsync();
        await using (var database = await PostgresDatabase.OpenAsync(connection, Token))
        {
            await using var newer = database.Source.CreateCommand(
                "UPDATE SchemaVersion SET Version = 7; UPDATE OrleansQuery SET QueryText = 'newer'");
            await newer.ExecuteNonQueryAsync(Token);
        }

        var refusal = await Assert.ThrowsAsync<FederationException>(() => PostgresDatabase.OpenAsync(connection, Token));

        Assert.Contains("newer version of this program (schema 7; this one knows 2)", refusal.Message, StringComparison.Ordinal);
        await using var source = Npgsql.NpgsqlDataSource.Create(connection);
        await using var read = source.CreateCommand("SELECT count(*) FROM OrleansQuery WHERE QueryText <> 'newer'");
        Assert.Equal(0L, await read.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task A_text_that_is_missing_is_named_at_the_start()
    {
        await using var database = await server.OpenAsync();
        await using (var remove = database.Source.CreateCommand("DELETE FROM OrleansQuery WHERE QueryKey = 'CleanupDefunctSiloEntriesKey'"))
        {
            await remove.ExecuteNonQueryAsync(Token);
        }

        await using var silo = TestSilo.Build(database);
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => silo.Membership.InitializeMembershipTableAsync(true, Token));

        Assert.Contains("CleanupDefunctSiloEntriesKey", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_in_one_sentence_without_the_password()
    {
        var connection = await server.CreateAsync();
        connection.Port = 1;

        var failure = await Assert.ThrowsAsync<FederationException>(() => PostgresDatabase.OpenAsync(connection, Token));

        Assert.Contains($"database {connection.Database} at 127.0.0.1:1", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(connection.Password!, failure.ToString(), StringComparison.Ordinal);
    }
}

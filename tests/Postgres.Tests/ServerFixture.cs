using FederatedOrleans.Postgres;
using Npgsql;

[assembly: AssemblyFixture(typeof(FederatedOrleans.ServerFixture))]

namespace FederatedOrleans;

/// <summary>One server for all tests, each of which has a database of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private int _databases;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>An empty database.</summary>
    internal Task<NpgsqlConnectionStringBuilder> CreateAsync() =>
        _server!.CreateDatabaseAsync($"test{Interlocked.Increment(ref _databases)}", TestContext.Current.CancellationToken);

    /// <summary>A database with the tables.</summary>
    internal async Task<PostgresDatabase> OpenAsync() => await PostgresDatabase.OpenAsync(await CreateAsync());
}

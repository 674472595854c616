using System.Text.Json.Nodes;
using Npgsql;

namespace FederatedOrleans.Federations;

/// <summary>A database for the Silos of a test, and how their configuration names it.</summary>
internal sealed class SharedDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-database-");

    private SharedDatabase(PostgresServer server) => Server = server;

    public PostgresServer Server { get; }

    /// <summary>The member <c>storage</c> of a Silo's configuration.</summary>
    public JsonObject Storage => new() { ["postgresql"] = new JsonObject { ["connectionFile"] = Path.Combine(_folder.FullName, "pg.txt") } };

    public static async Task<SharedDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var database = new SharedDatabase(await PostgresServer.StartAsync(cancellationToken));
        try
        {
            var connection = await database.Server.CreateDatabaseAsync("fed", cancellationToken);
            var file = Path.Combine(database._folder.FullName, "pg.txt");
            await File.WriteAllTextAsync(file, connection.ConnectionString, cancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many rows a table has.</summary>
    public async Task<long> CountAsync(string table, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(
            await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "pg.txt"), cancellationToken));
        await using var count = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

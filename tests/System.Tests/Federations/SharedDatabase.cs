using System.Text.Json.Nodes;

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
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

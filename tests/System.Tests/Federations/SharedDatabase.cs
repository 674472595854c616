using System.Text.Json.Nodes;
using FederatedOrleans.Identity;
using Npgsql;

namespace FederatedOrleans.Federations;

/// <summary>A database for the Silos of a test, and how their configuration names it.</summary>
internal sealed class SharedDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-database-");

    private SharedDatabase(PostgresServer server) => Server = server;

    public PostgresServer Server { get; }

    /// <summary>The member <c>storage</c> of a Silo's configuration.</summary>
    public JsonObject Storage => new() { ["postgresql"] = new JsonObject { ["connectionFile"] = ConnectionFile } };

    private string ConnectionFile => Path.Combine(_folder.FullName, "pg.txt");

    public static async Task<SharedDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var database = new SharedDatabase(await PostgresServer.StartAsync(cancellationToken));
        try
        {
            var connection = await database.Server.CreateDatabaseAsync("fed", cancellationToken);
            var file = database.ConnectionFile;
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
        await using var source = NpgsqlDataSource.Create(await File.ReadAllTextAsync(ConnectionFile, cancellationToken));
        await using var count = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A model, a plan or a manifest as it is stored: what its pieces are together.</summary>
    public async Task<byte[]> BlobAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(await File.ReadAllTextAsync(ConnectionFile, cancellationToken));
        await using var pieces = source.CreateCommand("SELECT Bytes FROM BlobPiece WHERE Digest = $1 ORDER BY Number");
        pieces.Parameters.Add(new() { Value = Convert.FromHexString(digest.Hex) });
        await using var reader = await pieces.ExecuteReaderAsync(cancellationToken);
        using var all = new MemoryStream();
        while (await reader.ReadAsync(cancellationToken))
        {
            await all.WriteAsync(await reader.GetFieldValueAsync<byte[]>(0, cancellationToken), cancellationToken);
        }

        return all.ToArray();
    }

    /// <summary>Puts other bytes in place of the only state of a name, whoever holds it: what stood there before.</summary>
    public async Task<byte[]> ExchangeStateAsync(string name, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(await File.ReadAllTextAsync(ConnectionFile, cancellationToken));
        await using var read = source.CreateCommand("SELECT PayloadBinary FROM GrainState WHERE GrainTypeString = $1");
        read.Parameters.Add(new() { Value = name });
        var before = (byte[]?)await read.ExecuteScalarAsync(cancellationToken)
            ?? throw new InvalidOperationException($"There is no state {name}.");
        await using var write = source.CreateCommand("UPDATE GrainState SET PayloadBinary = $2 WHERE GrainTypeString = $1");
        write.Parameters.Add(new() { Value = name });
        write.Parameters.Add(new() { Value = bytes });
        return await write.ExecuteNonQueryAsync(cancellationToken) == 1
            ? before
            : throw new InvalidOperationException($"There are several states {name}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

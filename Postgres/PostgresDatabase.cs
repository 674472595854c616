using Npgsql;

namespace FederatedOrleans.Postgres;

/// <summary>One database that several Silos share, opened and brought up to date.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private PostgresDatabase(NpgsqlDataSource source) => Source = source;

    /// <summary>Connections to it.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Connects, and makes the tables or brings them up to date.</summary>
    /// <param name="connection">Where it is; taken as it is, limits included.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="FederationException">It can't be reached or used, or is of a newer version of this program.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        NpgsqlConnectionStringBuilder connection, CancellationToken cancellationToken = default)
    {
        NpgsqlDataSource? source = null;
        try
        {
            source = NpgsqlDataSource.Create(connection);
            await PostgresSchema.ApplyAsync(source, cancellationToken);
            var database = new PostgresDatabase(source);
            source = null;
            return database;
        }
        catch (Exception exception) when (exception is NpgsqlException or ArgumentException or InvalidOperationException or TimeoutException)
        {
            throw new FederationException(
                $"The PostgreSQL database {connection.Database} at {connection.Host}:{connection.Port} can't be used: {exception.Message}",
                exception);
        }
        finally
        {
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}

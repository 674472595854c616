using System.Security.Cryptography;
using FederatedOrleans.Blobs;
using FederatedOrleans.Identity;
using Npgsql;

namespace FederatedOrleans.Postgres;

/// <summary>Blobs in pieces of at most 1 MiB. A content appears with the commit of its last piece, or not at all.</summary>
public sealed class PostgresBlobStore : IBlobStore
{
    /// <summary>Length of every piece but the last, in bytes; part of what is stored.</summary>
    internal const int PieceBytes = 1 << 20;

    private readonly NpgsqlDataSource _source;

    /// <summary>Uses a database.</summary>
    public PostgresBlobStore(PostgresDatabase database) => _source = database.Source;

    /// <inheritdoc/>
    public async Task<ContentDigest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var digest = ContentDigest.Of(content.Span);
        var key = Convert.FromHexString(digest.Hex);
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

            // Whoever puts the same content at the same time waits here for the other's commit.
            var isNew = await ExecuteAsync(connection, BlobSql.Add, cancellationToken, ("digest", key), ("length", (long)content.Length)) > 0;
            if (!isNew)
            {
                if (await HoldsAsync(connection, key, content, cancellationToken))
                {
                    return digest;
                }

                // What has been damaged is repaired by being put again; the row's lock keeps others from doing so too.
                await ExecuteAsync(connection, BlobSql.Hold, cancellationToken, ("digest", key), ("length", (long)content.Length));
                await ExecuteAsync(connection, BlobSql.RemovePieces, cancellationToken, ("digest", key));
            }

            foreach (var (number, piece) in PiecesOf(content))
            {
                await ExecuteAsync(connection, BlobSql.AddPiece, cancellationToken, ("digest", key), ("number", number), ("bytes", piece));
            }

            await transaction.CommitAsync(cancellationToken);
            return digest;
        }
        catch (NpgsqlException exception)
        {
            throw Fault(digest, exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The key of its pieces is the digest of all of them: it is in memory whole until they are stored.</remarks>
    public async Task<ContentDigest> PutAsync(long length, MakePiece make, CancellationToken cancellationToken = default)
    {
        var content = GC.AllocateUninitializedArray<byte>(checked((int)length));
        for (var at = 0; at < content.Length; at += IBlobStore.PieceBytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await make(at, content.AsMemory(at, Math.Min(IBlobStore.PieceBytes, content.Length - at)), cancellationToken);
        }

        return await PutAsync(content, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenAsync(ContentDigest digest, CancellationToken cancellationToken = default)
    {
        if (digest.IsNone)
        {
            return null;
        }

        var key = Convert.FromHexString(digest.Hex);
        try
        {
            await using var read = _source.CreateCommand(BlobSql.Length);
            read.Parameters.AddWithValue("digest", key);
            return await read.ExecuteScalarAsync(cancellationToken) is long length ? new PostgresBlobStream(_source, digest, key, length) : null;
        }
        catch (NpgsqlException exception)
        {
            throw Fault(digest, exception);
        }
    }

    /// <summary>What failed, as the failure of a file would be told.</summary>
    internal static IOException Fault(ContentDigest digest, NpgsqlException exception) =>
        new($"The content {digest.Short} can't be read from or written to the database: {exception.Message}", exception);

    /// <summary>Whether every piece is there undamaged: the server sums them up, so that no content travels.</summary>
    private static async Task<bool> HoldsAsync(
        NpgsqlConnection connection, byte[] key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using (var length = new NpgsqlCommand(BlobSql.Length, connection))
        {
            length.Parameters.AddWithValue("digest", key);
            if (await length.ExecuteScalarAsync(cancellationToken) is not long found || found != content.Length)
            {
                return false;
            }
        }

        await using var command = new NpgsqlCommand(BlobSql.Hashes, connection);
        command.Parameters.AddWithValue("digest", key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        foreach (var (number, piece) in PiecesOf(content))
        {
            if (!await reader.ReadAsync(cancellationToken)
                || reader.GetInt32(0) != number
                || !SHA256.HashData(piece.Span).AsSpan().SequenceEqual((byte[])reader[1]))
            {
                return false;
            }
        }

        return !await reader.ReadAsync(cancellationToken);
    }

    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Piece)> PiecesOf(ReadOnlyMemory<byte> content)
    {
        for (var (number, from) = (0, 0); from < content.Length; (number, from) = (number + 1, from + PieceBytes))
        {
            yield return (number, content[from..Math.Min(content.Length, from + PieceBytes)]);
        }
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string text, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(text, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

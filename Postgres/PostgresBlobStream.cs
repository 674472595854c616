using FederatedOrleans.Identity;
using Npgsql;

namespace FederatedOrleans.Postgres;

/// <summary>A content read piece by piece: at most one piece is in memory, and no connection is held between reads.</summary>
internal sealed class PostgresBlobStream(NpgsqlDataSource source, ContentDigest digest, byte[] key, long length) : Stream
{
    private byte[] _piece = [];
    private int _number = -1;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        var (number, offset) = Math.DivRem(_position, PostgresBlobStore.PieceBytes);
        if (number != _number)
        {
            _piece = await LoadAsync((int)number, cancellationToken);
            _number = (int)number;
        }

        var count = Math.Min(buffer.Length, _piece.Length - (int)offset);
        _piece.AsSpan((int)offset, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not offered: it would hold a thread for as long as the database takes.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously only.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("A stored content never changes.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A stored content never changes.");

    private async Task<byte[]> LoadAsync(int number, CancellationToken cancellationToken)
    {
        object? found;
        try
        {
            await using var command = source.CreateCommand(BlobSql.Piece);
            command.Parameters.AddWithValue("digest", key);
            command.Parameters.AddWithValue("number", number);
            found = await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresBlobStore.Fault(digest, exception);
        }

        var expected = Math.Min(PostgresBlobStore.PieceBytes, length - ((long)number * PostgresBlobStore.PieceBytes));
        return found is byte[] piece && piece.Length == expected
            ? piece
            : throw new FederationException($"The content {digest.Short} is damaged in the store: piece {number} is missing or of another length.");
    }
}

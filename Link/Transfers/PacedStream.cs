namespace FederatedOrleans.Link.Transfers;

/// <summary>A stream that is read no faster than its pacers let: in small pieces, each waited for. It owns the stream under it.</summary>
/// <param name="stream">The stream.</param>
/// <param name="pacers">What holds it back; those that are null, and none at all, do not.</param>
public sealed class PacedStream(Stream stream, params BytePacer?[] pacers) : Stream
{
    private readonly int _pieceBytes = pacers.Min(pacer => pacer?.PieceBytes) ?? int.MaxValue;

    /// <inheritdoc/>
    public override bool CanRead => stream.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => stream.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => stream.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => stream.Position;
        set => stream.Position = value;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer[..Math.Min(buffer.Length, _pieceBytes)], cancellationToken);
        foreach (var pacer in pacers)
        {
            if (pacer is not null && read > 0)
            {
                await pacer.PassAsync(read, cancellationToken);
            }
        }

        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: waiting would hold a thread.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A paced stream is read asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A paced stream is only read.");

    /// <summary>Not supported.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A paced stream is only read.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}

namespace FederatedOrleans.Simulation.Faults;

/// <summary>A stream that breaks once so many bytes were read or written.</summary>
internal sealed class BrokenStream(Stream inner, long bytesLeft, bool ownsInner) : Stream
{
    private long _bytesLeft = bytesLeft;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, (int)Spend(count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await inner.ReadAsync(buffer[..(int)Spend(buffer.Length)], cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    public override void Write(byte[] buffer, int offset, int count)
    {
        var allowed = (int)Spend(count);
        inner.Write(buffer, offset, allowed);
        Break(allowed, count);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var allowed = (int)Spend(buffer.Length);
        await inner.WriteAsync(buffer[..allowed], cancellationToken);
        Break(allowed, buffer.Length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsInner)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>How many of the bytes asked for still pass; none left breaks the stream.</summary>
    private long Spend(int wanted)
    {
        if (wanted > 0 && _bytesLeft == 0)
        {
            throw new IOException("The line was cut here.");
        }

        var allowed = Math.Min(wanted, _bytesLeft);
        _bytesLeft -= allowed;
        return allowed;
    }

    private static void Break(int allowed, int wanted)
    {
        if (allowed < wanted)
        {
            throw new IOException("The line was cut here.");
        }
    }
}

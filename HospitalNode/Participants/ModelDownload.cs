using System.Security.Cryptography;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Site.Participants;

/// <summary>A model as it arrives: into its vector, its digest and its file at once, so that the file need not be read again.</summary>
/// <remarks>Disposing writes what has arrived to the file, so that a download that broke goes on from there.</remarks>
internal sealed class ModelDownload : Stream
{
    private const int WriteBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ParameterBuffer _buffer;
    private readonly Memory<byte> _payload;
    private int _held;
    private int _written;

    /// <summary>A download into a file.</summary>
    /// <param name="path">The file, made where it is missing; what it holds was downloaded before.</param>
    /// <param name="length">Parameters of the model.</param>
    public ModelDownload(string path, int length)
    {
        _buffer = new(length);
        _payload = _buffer.Payload;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _held;

    /// <summary>Bytes that are here.</summary>
    public override long Position
    {
        get => _held;
        set => throw new NotSupportedException("A download goes on where it is.");
    }

    /// <summary>Takes what the file holds; a file that is longer than the model is none of it.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (RandomAccess.GetLength(_file) > _payload.Length)
        {
            SetLength(0);
        }

        var held = _payload[..(int)RandomAccess.GetLength(_file)];
        while (_held < held.Length && await RandomAccess.ReadAsync(_file, held[_held..], _held, cancellationToken) is var read and > 0)
        {
            _hash.AppendData(held.Span.Slice(_held, read));
            _held += read;
        }

        _written = _held;
    }

    /// <summary>The model, once all of it is here and in the file; null where what has arrived is not what the digest says.</summary>
    public async Task<ParameterVector?> EndAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return _held == _payload.Length && ContentDigest.FromHash(_hash.GetCurrentHash()) == digest ? _buffer.ToVector() : null;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > _payload.Length - _held)
        {
            throw new IOException("The content received is longer than the model.");
        }

        buffer.CopyTo(_payload[_held..]);
        _hash.AppendData(buffer.Span);
        _held += buffer.Length;
        if (_held - _written >= WriteBytes)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_file, _payload[_written.._held], _written, cancellationToken);
        _written = _held;
    }

    /// <summary>Begins anew: the centre sends the content from its beginning.</summary>
    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value, 0);
        RandomAccess.SetLength(_file, 0);
        _hash.GetHashAndReset();
        _held = _written = 0;
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        finally
        {
            _file.Dispose();
            _hash.Dispose();
            await base.DisposeAsync();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A download is written asynchronously.");

    public override void Flush() => throw new NotSupportedException("A download is written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A download is only written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A download goes on where it is.");
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FederatedOrleans.Aggregation;

/// <summary>Blocks of an update in a scratch file: encrypted under a key that is in memory only, and without a name from the moment it is open.</summary>
/// <remarks>
/// AES-256-GCM a block, the block's number in the file as nonce, the tag kept in memory: the key is of this update alone, so no nonce
/// repeats. What is left on the disk when the process dies, or in a file that is kept for the next, can be read by nobody.
/// </remarks>
internal sealed class ScratchBlocks : IDisposable
{
    private const int MostCiphers = 8;
    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;

    private readonly List<byte[]> _tags = [];

    // A cipher serves one thread at a time: threads that read at once take turns at several of the same key.
    private readonly (Lock Guard, AesGcm Cipher)[] _ciphers;
    private readonly ScratchFile _file;
    private readonly ScratchFiles _files;
    private bool _isFaulty;
    private bool _disposed;

    /// <summary>Takes a file.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    public ScratchBlocks(ScratchFiles files, long bytes)
    {
        _files = files;
        _file = files.Rent(bytes);
        Span<byte> key = stackalloc byte[KeyBytes];
        RandomNumberGenerator.Fill(key);
        _ciphers = new (Lock, AesGcm)[Math.Min(Environment.ProcessorCount, MostCiphers)];
        foreach (ref var cipher in _ciphers.AsSpan())
        {
            cipher = (new(), new AesGcm(key, TagBytes));
        }

        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Writes the next block, and gives its number in the file.</summary>
    /// <param name="values">Its values, which are lost: nothing that can be read is left there.</param>
    /// <exception cref="IOException">There is no room for it.</exception>
    public int Add(Span<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var tag = new byte[TagBytes];
        var number = _tags.Count;
        _ciphers[0].Cipher.Encrypt(Nonce(number, stackalloc byte[NonceBytes]), bytes, bytes, tag);
        Write(bytes, (long)number * IBlockSink.BlockBytes);
        _tags.Add(tag);
        return number;
    }

    /// <summary>Reads a block. Several threads may read at once.</summary>
    /// <param name="number">Its number in the file.</param>
    /// <param name="values">As many as it has.</param>
    public void Read(int number, Span<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        ReadExactly(bytes, (long)number * IBlockSink.BlockBytes);
        var (guard, cipher) = _ciphers[number % _ciphers.Length];
        lock (guard)
        {
            cipher.Decrypt(Nonce(number, stackalloc byte[NonceBytes]), bytes, _tags[number], bytes);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var (_, cipher) in _ciphers)
        {
            cipher.Dispose();
        }

        _files.Return(_file, isReusable: !_isFaulty);
    }

    private static Span<byte> Nonce(int number, Span<byte> nonce)
    {
        nonce.Clear();
        MemoryMarshal.Write(nonce, number);
        return nonce;
    }

    private void Write(ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            _files.Extend(_file, at + bytes.Length);
            RandomAccess.Write(_file.Handle, bytes, at);
        }
        catch (IOException) when (_files.Close())
        {
            // The disk is full, and not by what is needed.
            Write(bytes, at);
        }
        catch (IOException)
        {
            _isFaulty = true;
            throw;
        }
    }

    private void ReadExactly(Span<byte> into, long at)
    {
        while (into.Length > 0)
        {
            var count = RandomAccess.Read(_file.Handle, into, at);
            if (count == 0)
            {
                throw new EndOfStreamException("A scratch file is shorter than what was written to it.");
            }

            into = into[count..];
            at += count;
        }
    }
}

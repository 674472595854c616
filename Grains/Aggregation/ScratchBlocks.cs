using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Aggregation;

/// <summary>An update staged in a scratch file: encrypted under a key that is in memory only, and without a name from the moment it is open.</summary>
/// <remarks>
/// AES-256-GCM a block, the block's number as nonce, the tag kept in memory: the key is of this update alone, so no nonce repeats. What is
/// left on the disk when the process dies, or in a file that is kept for the next, can be read by nobody.
/// </remarks>
internal sealed class ScratchBlocks : IStagedBlocks
{
    private const int MostCiphers = 8;
    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;

    private readonly List<(int Values, byte[] Tag)> _blocks = [];

    // A cipher serves one thread at a time: threads that read at once take turns at several of the same key.
    private readonly (Lock Guard, AesGcm Cipher)[] _ciphers;
    private readonly SafeFileHandle _file;
    private readonly ScratchFiles _files;
    private readonly StagingBudget _budget;
    private readonly long _bytes;
    private bool _isFaulty;
    private bool _disposed;

    /// <summary>Takes a file.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    public ScratchBlocks(ScratchFiles files, StagingBudget budget, long bytes)
    {
        (_files, _budget, _bytes) = (files, budget, bytes);
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

    public float[]? Keep(float[] block, int values)
    {
        // In place: the array holds nothing that can be read when it is used for the next block.
        var bytes = MemoryMarshal.AsBytes(block.AsSpan(0, values));
        var tag = new byte[TagBytes];
        _ciphers[0].Cipher.Encrypt(Nonce(_blocks.Count, stackalloc byte[NonceBytes]), bytes, bytes, tag);
        Write(bytes, (long)_blocks.Count * IBlockSink.BlockBytes);
        _blocks.Add((values, tag));
        return block;
    }

    public void Read(int from, int to, Action<int, ReadOnlySpan<float>> read)
    {
        var block = ArrayPool<float>.Shared.Rent(IBlockSink.BlockValues);
        try
        {
            Span<byte> nonce = stackalloc byte[NonceBytes];
            for (var number = from; number < to; number++)
            {
                var (values, tag) = _blocks[number];
                var part = block.AsSpan(0, values);
                var bytes = MemoryMarshal.AsBytes(part);
                ReadExactly(bytes, (long)number * IBlockSink.BlockBytes);
                var (guard, cipher) = _ciphers[number % _ciphers.Length];
                lock (guard)
                {
                    cipher.Decrypt(Nonce(number, nonce), bytes, tag, bytes);
                }

                read(number * IBlockSink.BlockValues, part);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(block, clearArray: true);
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

        _budget.GiveBack(_bytes);
        if (_isFaulty)
        {
            _file.Dispose();
        }
        else
        {
            _files.Return(_file, _bytes);
        }
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
            RandomAccess.Write(_file, bytes, at);
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
            var count = RandomAccess.Read(_file, into, at);
            if (count == 0)
            {
                throw new EndOfStreamException("A scratch file is shorter than what was written to it.");
            }

            into = into[count..];
            at += count;
        }
    }
}

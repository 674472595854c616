using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace FederatedOrleans.Aggregation;

/// <summary>An update staged in a scratch file: encrypted under a key that is in memory only, and without a name from the moment it is open.</summary>
/// <remarks>
/// AES-256-GCM a block, the block's number as nonce, the tag kept in memory: the key is of this file alone, so no nonce repeats. What is
/// left on the disk when the process dies can be read by nobody.
/// </remarks>
internal sealed class ScratchBlocks : IStagedBlocks
{
    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;

    private readonly List<(int Values, byte[] Tag)> _blocks = [];
    private readonly SafeFileHandle _file;
    private readonly AesGcm _cipher;
    private readonly StagingBudget _budget;
    private readonly long _bytes;
    private bool _disposed;

    /// <summary>Opens a file in a folder and takes its name away.</summary>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public ScratchBlocks(string folder, StagingBudget budget, long bytes)
    {
        (_budget, _bytes) = (budget, bytes);
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.scratch");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        Span<byte> key = stackalloc byte[KeyBytes];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    public void Keep(float[] block, int values)
    {
        var encrypted = ArrayPool<byte>.Shared.Rent(IStagedBlocks.BlockBytes);
        try
        {
            var plain = MemoryMarshal.AsBytes(block.AsSpan(0, values));
            var tag = new byte[TagBytes];
            var secret = encrypted.AsSpan(0, plain.Length);
            _cipher.Encrypt(Nonce(_blocks.Count, stackalloc byte[NonceBytes]), plain, secret, tag);
            RandomAccess.Write(_file, secret, (long)_blocks.Count * IStagedBlocks.BlockBytes);
            _blocks.Add((values, tag));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encrypted);
            ArrayPool<float>.Shared.Return(block, clearArray: true);
        }
    }

    public void Read(Action<int, ReadOnlySpan<float>> read)
    {
        var encrypted = ArrayPool<byte>.Shared.Rent(IStagedBlocks.BlockBytes);
        var plain = ArrayPool<float>.Shared.Rent(IStagedBlocks.BlockValues);
        try
        {
            Span<byte> nonce = stackalloc byte[NonceBytes];
            var start = 0;
            foreach (var (number, (values, tag)) in _blocks.Index())
            {
                var secret = encrypted.AsSpan(0, values * sizeof(float));
                ReadExactly(secret, (long)number * IStagedBlocks.BlockBytes);
                _cipher.Decrypt(Nonce(number, nonce), secret, tag, MemoryMarshal.AsBytes(plain.AsSpan(0, values)));
                read(start, plain.AsSpan(0, values));
                start += values;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encrypted);
            ArrayPool<float>.Shared.Return(plain, clearArray: true);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _file.Dispose();
        _cipher.Dispose();
        _budget.GiveBack(_bytes);
    }

    private static Span<byte> Nonce(int number, Span<byte> nonce)
    {
        nonce.Clear();
        MemoryMarshal.Write(nonce, number);
        return nonce;
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

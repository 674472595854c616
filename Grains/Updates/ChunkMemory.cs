using System.Buffers;
using FederatedOrleans.Aggregation;

namespace FederatedOrleans.Updates;

/// <summary>Memory for the chunks of one body, one at a time: a block for each where blocks are given, else one buffer for all.</summary>
/// <param name="blocks">Where blocks come from, whose size a chunk then has.</param>
/// <param name="chunkBytes">Bytes of a chunk.</param>
internal sealed class ChunkMemory(BlockPool? blocks, int chunkBytes) : IDisposable
{
    private byte[]? _buffer;
    private ChunkBlock? _block;

    /// <summary>Whether somebody may be reading the chunk: what is lent in the end is left to the garbage collector.</summary>
    public bool IsLent { get; set; }

    /// <summary>Memory for the next chunk; the last one is done with, or its block was taken.</summary>
    public Memory<byte> Next()
    {
        if (blocks is null)
        {
            _buffer ??= ArrayPool<byte>.Shared.Rent(chunkBytes);
            return _buffer.AsMemory(0, chunkBytes);
        }

        if (_block is not { IsTaken: false })
        {
            _block = new(blocks.Rent(IBlockSink.BlockValues));
        }

        return _block.Memory;
    }

    /// <summary>Clears what is left and gives it back: an update is in nobody's memory longer than it has to be.</summary>
    public void Dispose()
    {
        if (!IsLent && _buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        }

        if (!IsLent && _block?.Take() is { } block)
        {
            blocks!.Return(block);
        }

        _buffer = null;
    }
}

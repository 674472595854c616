using System.Buffers;
using FederatedOrleans.Aggregation;

namespace FederatedOrleans.Updates;

/// <summary>Memory for the chunks of one body, one at a time: a block, until somebody takes it, or one buffer for all.</summary>
internal sealed class ChunkMemory : IDisposable
{
    private readonly BlockPool? _blocks;
    private readonly byte[]? _buffer;
    private readonly int _chunkBytes;
    private ChunkBlock? _block;

    /// <summary>Blocks, each for a chunk of as many bytes.</summary>
    /// <param name="blocks">Where they come from.</param>
    public ChunkMemory(BlockPool blocks) => _blocks = blocks;

    /// <summary>A buffer.</summary>
    /// <param name="chunkBytes">Bytes of the longest chunk.</param>
    public ChunkMemory(int chunkBytes) => (_buffer, _chunkBytes) = (ArrayPool<byte>.Shared.Rent(chunkBytes), chunkBytes);

    /// <summary>Whether somebody may be reading the chunk, or may take it yet: what is lent in the end is left to the garbage collector.</summary>
    public bool IsLent { get; set; }

    /// <summary>Memory for the next chunk; the one before is done with.</summary>
    public Memory<byte> Next()
    {
        if (_blocks is null)
        {
            return _buffer.AsMemory(0, _chunkBytes);
        }

        if (_block is not { IsTaken: false })
        {
            _block = new(_blocks.Rent(IBlockSink.BlockValues));
        }

        return _block.Memory;
    }

    /// <summary>Clears what is left and gives it back: an update is in nobody's memory longer than it has to be. To be called once.</summary>
    public void Dispose()
    {
        if (IsLent)
        {
            return;
        }

        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        }

        if (_block?.Take() is { } block)
        {
            _blocks!.Return(block);
        }
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using CommunityToolkit.HighPerformance;

namespace FederatedOrleans.Aggregation;

/// <summary>Memory for a chunk of an update that is a block too: a chunk that fills it is staged as it is, without a copy.</summary>
/// <remarks>
/// Whoever takes the block has it for good, and it can't be reached through this memory any more. Sent to another silo a chunk is bytes
/// like any other, which are copied there.
/// </remarks>
/// <param name="block">An array of <see cref="IBlockSink.BlockValues"/> values.</param>
internal sealed class ChunkBlock(float[] block) : MemoryManager<byte>
{
    private readonly Memory<byte> _bytes = block.AsMemory().AsBytes();
    private float[]? _block = block;

    /// <summary>Whether somebody has taken the block.</summary>
    public bool IsTaken => Volatile.Read(ref _block) is null;

    /// <summary>The block that a chunk fills; null where it is not all of one.</summary>
    public static ChunkBlock? Of(ReadOnlyMemory<byte> chunk) =>
        chunk.Length == IBlockSink.BlockBytes && MemoryMarshal.TryGetMemoryManager<byte, ChunkBlock>(chunk, out var manager) ? manager : null;

    /// <summary>The block, for the one who asks first; null for everybody after.</summary>
    public float[]? Take() => Interlocked.Exchange(ref _block, null);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The block was taken.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(IsTaken, this);
        return _bytes.Span;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The block was taken.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(IsTaken, this);
        return _bytes[elementIndex..].Pin();
    }

    public override void Unpin()
    {
        // Whoever pinned it has the handle.
    }

    protected override void Dispose(bool disposing)
    {
        // The block is for whoever took it, or for the garbage collector.
    }
}

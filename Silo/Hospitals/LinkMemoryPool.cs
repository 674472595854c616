using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace FederatedOrleans.Hospitals;

/// <summary>Memory for Kestrel's connections in blocks that models and updates fit into better than into its own of 4 KiB.</summary>
/// <remarks>
/// A block is what one read of a socket brings at most, and what becomes TLS records at once when a body is sent: with 4 KiB a body of
/// 100 MB is 25,000 reads and as many records. A connection that is idle holds none.
/// </remarks>
internal sealed class LinkMemoryPool : MemoryPool<byte>
{
    /// <summary>Bytes of a block: four TLS records.</summary>
    public const int BlockBytes = 64 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

    protected override void Dispose(bool disposing)
    {
        // The blocks are the shared pool's.
    }

    /// <summary>Has Kestrel use it.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LinkMemoryPool();
    }
}

using FederatedOrleans.Aggregation;
using Microsoft.Extensions.Time.Testing;

namespace FederatedOrleans.Updates;

public sealed class ChunkMemoryTests
{
    private readonly BlockPool _pool = new(new StagingBudget(4 * IBlockSink.BlockBytes), new FakeTimeProvider());

    [Fact]
    public void A_block_that_nobody_took_serves_the_next_chunk_and_goes_back_with_nothing_in_it()
    {
        var memory = new ChunkMemory(_pool);
        memory.Next().Span.Fill(1);
        Assert.Equal(1, memory.Next().Span[^1]);
        memory.Dispose();

        Assert.Equal(1, _pool.Free);
        Assert.Equal(-1, _pool.Rent(IBlockSink.BlockValues).AsSpan().IndexOfAnyExcept(0f));
    }

    [Fact]
    public void A_block_that_was_taken_is_its_takers_and_another_serves_the_next_chunk()
    {
        var memory = new ChunkMemory(_pool);
        var chunk = memory.Next();
        var taken = ChunkBlock.Of(chunk)!.Take()!;
        Assert.Null(ChunkBlock.Of(chunk)!.Take());

        // What is no more its sender's can't be read or written by mistake.
        Assert.Throws<ObjectDisposedException>(() => chunk.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => chunk.Pin());
        taken.AsSpan().Fill(1);
        Assert.NotSame(taken, ChunkBlock.Of(memory.Next())!.Take());
        memory.Dispose();

        Assert.Equal(0, _pool.Free);
        Assert.Equal(1, taken[0]);
    }

    [Fact]
    public void A_block_that_is_lent_in_the_end_is_left_as_it_is_to_whoever_may_take_it_yet()
    {
        var memory = new ChunkMemory(_pool);
        var chunk = memory.Next();
        chunk.Span.Fill(1);
        memory.IsLent = true;
        memory.Dispose();

        Assert.Equal(0, _pool.Free);
        Assert.Equal(1, chunk.Span[^1]);
        Assert.NotNull(ChunkBlock.Of(chunk)!.Take());
    }

    [Fact]
    public void Only_a_chunk_that_is_all_of_a_block_is_one()
    {
        using var memory = new ChunkMemory(_pool);
        using var buffer = new ChunkMemory(IBlockSink.BlockBytes);
        Assert.NotNull(ChunkBlock.Of(memory.Next()));
        Assert.Null(ChunkBlock.Of(memory.Next()[1..]));
        Assert.Null(ChunkBlock.Of(memory.Next()[..^1]));
        Assert.Null(ChunkBlock.Of(buffer.Next()));
        Assert.Equal(IBlockSink.BlockBytes, buffer.Next().Length);
    }
}

namespace FederatedOrleans.Aggregation;

public sealed class SumBlocksTests : IDisposable
{
    private const long Memory = 4 * IBlockSink.BlockBytes;
    private const long Bytes = IBlockSink.BlockBytes + 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("fo-").FullName;
    private readonly StagingArea _area;

    public SumBlocksTests() => _area = new(Memory, scratch: 0, _folder);

    [Fact]
    public void The_next_sum_is_made_of_the_same_blocks_which_are_zeros_again()
    {
        var first = _area.OpenSum(Bytes);
        Assert.Equal(Memory / 2, _area.FreeMemory);
        Assert.All(first.Blocks, block => block.AsSpan().Fill(1));
        first.Dispose();
        Assert.Equal((Memory, 2), (_area.FreeMemory, _area.Pool.Free));

        using var second = _area.OpenSum(Bytes);
        Assert.Equal(first.Blocks.ToHashSet(), second.Blocks.ToHashSet());
        Assert.All(second.Blocks, block => Assert.Equal(-1, block.AsSpan().IndexOfAnyExcept(0f)));
    }

    [Fact]
    public void A_sum_is_made_of_blocks_that_are_kept_and_leaves_the_others()
    {
        foreach (var block in Enumerable.Range(0, 4).Select(_ => _area.Pool.Rent(IBlockSink.BlockValues)).ToArray())
        {
            _area.Pool.Return(block);
        }

        using var sum = _area.OpenSum(Bytes);
        Assert.Equal(2, _area.Pool.Free);
    }

    [Fact]
    public void A_sum_that_is_read_yet_is_nobody_elses()
    {
        var first = _area.OpenSum(Bytes);
        first.GiveUp();
        Assert.Equal((Memory, 0), (_area.FreeMemory, _area.Pool.Free));
        using var second = _area.OpenSum(Bytes);
        Assert.Empty(first.Blocks.Intersect(second.Blocks));
        Assert.Throws<ObjectDisposedException>(first.Dispose);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

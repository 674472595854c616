using FederatedOrleans.Models;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

public sealed class RunningSumTests
{
    // Three blocks.
    private const int Values = (2 * IBlockSink.BlockValues) + 5;
    private const int Count = 5;

    [Fact]
    public async Task A_sum_whose_adding_failed_goes_on_where_it_stopped_to_the_same_bits()
    {
        var staged = Enumerable.Range(0, Count).Select(Staged).ToArray();
        var sum = new RunningSum(new WeightedMeanAccumulator(Values), Values, letsGo: true);
        await sum.AddAsync(staged[..1]);

        // The third update can't be read in its second block.
        BlocksOf(staged[2].Staged).Failing = 1;
        await Assert.ThrowsAsync<IOException>(() => sum.AddAsync(staged[1..3]));
        Assert.Equal(staged[..1].Select(each => each.Update), sum.Updates);
        await Assert.ThrowsAsync<IOException>(() => sum.AddAsync(staged[1..3]));
        Assert.False(BlocksOf(staged[1].Staged).IsDisposed);

        // What was added is gone already, block by block.
        Assert.Equal([false, false], BlocksOf(staged[1].Staged).Held.Take(2));
        Assert.True(BlocksOf(staged[2].Staged).Held[1]);

        // Only with what was begun, and what may follow it.
        Assert.False(sum.GoesOnWith([staged[2].Update]));
        Assert.False(sum.GoesOnWith([staged[1].Update]));
        Assert.False(sum.Begins([.. staged[..2].Select(each => each.Update)]));
        Assert.True(sum.Begins([.. staged.Select(each => each.Update)]));
        BlocksOf(staged[2].Staged).Failing = null;
        await sum.AddAsync(staged[1..]);

        Assert.Equal(staged.Select(each => each.Update), sum.Updates);
        Assert.All(staged, each => Assert.True(BlocksOf(each.Staged).IsDisposed));
        var expected = new WeightedMean().Aggregate(staged.Select((each, index) => (each.Update.Hospital, Vector(index), each.Update.NumExamples)));
        Assert.Equal(expected.Digest, sum.Accumulator.Aggregate(Values).Digest);
        Assert.Equal((Count, staged.Sum(each => each.Update.NumExamples)), (sum.Accumulator.Count, sum.Accumulator.TotalExamples));
    }

    private static FaultyBlocks BlocksOf(StagedUpdate staged) => (FaultyBlocks)staged.Blocks;

    private static (ParticipantUpdate Update, StagedUpdate Staged) Staged(int number)
    {
        var (vector, examples) = (Vector(number), number + 3);
        var staged = new StagedUpdate(vector.Digest, examples, vector.ByteLength, new FaultyBlocks());
        Assert.Equal(StagingVerdict.Complete, staged.Append(vector.AsBytes().Span));
        return (staged.As($"hospital-{number}"), staged);
    }

    private static ParameterVector Vector(int number) => new(LongUpdate.Of(number, Values));

    /// <summary>Keeps blocks, one of which can be made unreadable.</summary>
    private sealed class FaultyBlocks : IStagedBlocks
    {
        private readonly List<float[]?> _blocks = [];

        public int? Failing { get; set; }

        public bool IsDisposed { get; private set; }

        public IReadOnlyList<bool> Held => [.. _blocks.Select(block => block is not null)];

        public float[]? Keep(float[] block, int values)
        {
            _blocks.Add([.. block.AsSpan(0, values)]);
            return block;
        }

        public void Read(int from, int to, Action<int, ReadOnlySpan<float>> read)
        {
            for (var number = from; number < to; number++)
            {
                if (number == Failing)
                {
                    throw new IOException("The disk fails.");
                }

                // What was let go is never read again.
                Assert.NotNull(_blocks[number]);
                read(number * IBlockSink.BlockValues, _blocks[number]);
            }
        }

        public void LetGo(int number) => _blocks[number] = null;

        public void Dispose() => IsDisposed = true;
    }
}

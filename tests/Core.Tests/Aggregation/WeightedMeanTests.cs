using CsCheck;
using FederatedOrleans.Models;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Aggregation;

public sealed class WeightedMeanTests
{
    private static readonly Gen<(string Hospital, ParameterVector Update, long NumExamples)[]> Updates =
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 8]).SelectMany((length, count) =>
            Gen.Select(Gen.Float[-10, 10].Select(WithoutSubnormals).Array[length], Gen.Long[1, 100_000]).Array[count])
            .Select(pairs => pairs.Select((pair, index) => ($"hospital-{index:00}", new ParameterVector(pair.Item1), pair.Item2)).ToArray());

    public static TheoryData<int> Lengths => [0, 1, 15, 16, 17, 8191, 8192, 8193, SumAccumulator.BlockValues, SumAccumulator.BlockValues + 1];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Mean_agrees_with_a_plain_loop_in_double(int length)
    {
        var updates = Random(length, 5);
        var mean = new WeightedMean().Aggregate(updates);

        AssertClose(updates, mean);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Bits_are_those_of_a_chain_of_fused_multiply_adds(int length)
    {
        var updates = Random(length, 7);
        var expected = new float[length];
        foreach (var (_, update, weight) in updates)
        {
            for (var i = 0; i < length; i++)
            {
                expected[i] = MathF.FusedMultiplyAdd(update.Span[i], weight, expected[i]);
            }
        }

        var total = (double)updates.Sum(update => update.NumExamples);
        for (var i = 0; i < length; i++)
        {
            expected[i] = (float)(expected[i] / total);
        }

        Assert.Equal(new ParameterVector(expected).Digest, new WeightedMean().Aggregate(updates).Digest);
    }

    [Fact]
    public void The_mean_is_read_in_any_parts_as_often_as_wanted_and_the_sum_goes_on()
    {
        var updates = Random(5000, 4);
        var accumulator = new WeightedMeanAccumulator(5000);
        var read = new float[5000];
        for (var count = 1; count <= updates.Length; count++)
        {
            accumulator.Fold(updates[count - 1].Update.Span, updates[count - 1].NumExamples);
            foreach (var start in new[] { 3000, 0, 1023, 3000 })
            {
                accumulator.ReadAggregate(start, read.AsSpan(start, Math.Min(2000, 5000 - start)));
            }

            Assert.Equal(new WeightedMean().Aggregate(updates.Take(count)).Span.ToArray(), read);
        }
    }

    [Fact]
    public void A_sum_in_blocks_of_others_memory_has_the_same_bits_wherever_its_parts_begin()
    {
        const int Length = (2 * SumAccumulator.BlockValues) + 5;
        int[] ends = [0, 3, SumAccumulator.BlockValues - 1, SumAccumulator.BlockValues + 7, Length - 1, Length];
        var (parts, updates) = (ends.Zip(ends.Skip(1)).ToArray(), Random(Length, 3));
        ISumAccumulator first = new WeightedMeanAccumulator(Length, blocks: Blocks(3)), second = new WeightedMeanAccumulator(Length, blocks: Blocks(4));
        foreach (var (_, update, numExamples) in updates)
        {
            foreach (var (start, end) in parts.Reverse())
            {
                first.FoldPart(start, update.Span[start..end], numExamples);
            }

            first.EndUpdate(numExamples);
        }

        var read = new float[Length];
        foreach (var (start, end) in parts)
        {
            first.ReadSum(start, read.AsSpan(start, end - start));
            second.AddSum(start, read.AsSpan(start, end - start));
        }

        second.EndSum([.. updates.Select(update => update.NumExamples)]);
        foreach (var (start, end) in parts)
        {
            second.ReadAggregate(start, read.AsSpan(start, end - start));
        }

        Assert.Equal(new WeightedMean().Aggregate(updates).Digest, new ParameterVector(read).Digest);
    }

    [Fact]
    public void Blocks_that_do_not_hold_the_sum_and_parts_beyond_it_are_refused()
    {
        var aggregator = new WeightedMean();
        Assert.Throws<ArgumentException>(() => aggregator.Begin(SumAccumulator.BlockValues + 1, Blocks(1)));
        Assert.Throws<ArgumentException>(() => aggregator.Begin(5, [new float[5]]));
        var accumulator = aggregator.Begin(5, Blocks(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => accumulator.FoldPart(3, new float[3], 1));
    }

    [Fact]
    public void Order_of_arrival_does_not_change_a_bit()
    {
        var updates = Random(8193, 12);
        var digest = new WeightedMean().Aggregate(updates).Digest;
        for (var seed = 0; seed < 20; seed++)
        {
            SeededRandom.For("arrival", seed).Shuffle(updates.AsSpan());
            Assert.Equal(digest, new WeightedMean().Aggregate(updates).Digest);
        }
    }

    [Fact]
    public void Mean_agrees_with_double_for_any_updates() => Updates.Sample(updates => AssertClose(updates, new WeightedMean().Aggregate(updates)), iter: 500);

    [Fact]
    public void Set_order_never_matters() => Updates.Sample(updates =>
        new WeightedMean().Aggregate(updates).Digest == new WeightedMean().Aggregate(updates.Reverse()).Digest, iter: 300);

    [Fact]
    public void One_group_is_the_whole_set_to_the_bit() => Updates.Sample(
        updates => new WeightedMean().AggregateGroups([updates], updates[0].Update.Length).Digest == new WeightedMean().Aggregate(updates).Digest,
        iter: 300);

    [Fact]
    public void Groups_of_any_size_agree_with_double_and_do_not_depend_on_the_order_within() =>
        Gen.Select(Updates, Gen.Int[1, 8]).Sample(
            (updates, size) =>
            {
                var length = updates[0].Update.Length;
                var mean = new WeightedMean().AggregateGroups(updates.Chunk(size), length);
                AssertClose(updates, mean);
                Assert.Equal(mean.Digest, new WeightedMean().AggregateGroups(updates.Chunk(size).Select(group => group.Reverse()), length).Digest);
            },
            iter: 300);

    [Fact]
    public void An_empty_group_changes_nothing_and_no_update_at_all_is_no_mean()
    {
        var updates = Random(100, 5);
        Assert.Equal(
            new WeightedMean().AggregateGroups([updates], 100).Digest, new WeightedMean().AggregateGroups([[], updates, []], 100).Digest);
        Assert.Throws<ArgumentException>(() => new WeightedMean().AggregateGroups([[], []], 100));
    }

    [Fact]
    public void Powers_of_two_scale_through_exactly() => Updates.Sample(updates =>
    {
        var doubled = updates.Select(update => (update.Hospital, new ParameterVector([.. update.Update.Span.ToArray().Select(value => value * 2)]), update.NumExamples));
        var mean = new WeightedMean().Aggregate(updates).Span.ToArray().Select(value => value * 2);
        return mean.SequenceEqual(new WeightedMean().Aggregate(doubled).Span.ToArray());
    }, iter: 300);

    [Fact]
    public void Weights_count_only_relative_to_each_other() => Updates.Sample(updates =>
    {
        var heavier = updates.Select(update => (update.Hospital, update.Update, update.NumExamples * 64));
        return new WeightedMean().Aggregate(updates).Digest == new WeightedMean().Aggregate(heavier).Digest;
    }, iter: 300);

    [Fact]
    public void Mean_of_one_update_is_that_update()
    {
        var update = Random(1000, 1)[0].Update;
        var mean = new WeightedMean().Aggregate([("only", update, 199)]);

        for (var i = 0; i < update.Length; i++)
        {
            Assert.Equal(update.Span[i], mean.Span[i], Math.Abs(update.Span[i]) * 1.2e-7f);
        }
    }

    [Fact]
    public void Row_counts_beyond_float_precision_still_average_well()
    {
        var mean = new WeightedMean().Aggregate([("aa", new([1f]), 16_777_217), ("bb", new([1f]), 1_000_000_000_001)]);
        Assert.Equal(1f, mean.Span[0], 3e-7f);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        var accumulator = new WeightedMeanAccumulator(2);
        Assert.Throws<InvalidOperationException>(() => accumulator.Aggregate(2));
        Assert.Throws<ArgumentException>(() => accumulator.Fold([1, 2, 3], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => accumulator.Fold([1, 2], 0));
        accumulator.Fold([1, 2], 3);
        Assert.Equal((1, 3L), (accumulator.Count, accumulator.TotalExamples));
        Assert.Throws<ArgumentException>(() => new WeightedMean().Aggregate([]));
    }

    // Below float's normal range rounding is no longer relative to the value.
    private static float WithoutSubnormals(float value) => Math.Abs(value) < 1e-25f ? 0 : value;

    private static (string Hospital, ParameterVector Update, long NumExamples)[] Random(int length, int count)
    {
        var random = SeededRandom.For("updates", length, $"{count}");
        return [.. Enumerable.Range(0, count).Select(index =>
            ($"hospital-{index:00}",
             new ParameterVector([.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 2) - 1))]),
             1L + random.NextInt32(5_000)))];
    }

    // Against the mean of the absolute values, so that cancellation does not count as error of the kernel.
    private static void AssertClose((string Hospital, ParameterVector Update, long NumExamples)[] updates, ParameterVector mean)
    {
        double total = updates.Sum(update => update.NumExamples);
        var bound = (updates.Length + 2) * Math.ScaleB(1, -24);
        for (var i = 0; i < mean.Length; i++)
        {
            var exact = updates.Sum(update => (double)update.Update.Span[i] * update.NumExamples) / total;
            var scale = updates.Sum(update => Math.Abs((double)update.Update.Span[i]) * update.NumExamples) / total;
            Assert.InRange(Math.Abs(mean.Span[i] - exact), 0, bound * scale);
        }
    }

    private static float[][] Blocks(int count) => [.. Enumerable.Range(0, count).Select(_ => new float[SumAccumulator.BlockValues])];
}

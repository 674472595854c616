namespace FederatedOrleans.Randomness;

public sealed class SeededRandomTests
{
    // From an implementation of its own in another language: the sequence is a promise, since permutations and initial weights must not move between versions.
    [Fact]
    public void Sequence_is_the_same_for_ever()
    {
        var random = SeededRandom.For("test", 42, "cleveland", "0");

        Assert.Equal(PinnedNumbers, new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() });
    }

    [Fact]
    public void Parts_do_not_run_into_each_other() =>
        Assert.NotEqual(SeededRandom.For("test", 1, "ab", "c").NextUInt64(), SeededRandom.For("test", 1, "a", "bc").NextUInt64());

    [Fact]
    public void Whole_numbers_cover_their_range_evenly()
    {
        var random = SeededRandom.For("test", 7);
        var counts = new int[7];
        for (var draw = 0; draw < 70_000; draw++)
        {
            counts[random.NextInt32(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Doubles_lie_in_their_half_open_range()
    {
        var random = SeededRandom.For("test", 8);
        var draws = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble()).ToArray();

        Assert.All(draws, draw => Assert.InRange(draw, 0, 1 - double.Epsilon));
        Assert.InRange(draws.Average(), 0.49, 0.51);
    }

    [Fact]
    public void A_shuffle_is_a_permutation()
    {
        var items = Enumerable.Range(0, 100).ToArray();
        SeededRandom.For("test", 9).Shuffle(items.AsSpan());

        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }

    private static readonly ulong[] PinnedNumbers = [15090467181088372785, 10411502444401599842, 3166681354213403810];
}

namespace FederatedOrleans.Evaluation;

public sealed class DifferencesTests
{
    [Theory]
    [InlineData(new long[] { 10, 30 }, new long[] { 1, 3 }, 0.0)]
    [InlineData(new long[] { 5, 0 }, new long[] { 0, 7 }, 1.0)]
    [InlineData(new long[] { 1, 1, 2 }, new long[] { 1, 1, 0 }, 0.5)]
    [InlineData(new long[] { 0, 0 }, new long[] { 1, 0 }, null)]
    public void Total_variation_is_half_the_sum_of_the_differences(long[] one, long[] other, double? expected)
    {
        Assert.Equal(expected, Differences.TotalVariation(one, other));
        Assert.Equal(expected, Differences.TotalVariation(other, one));
    }

    [Fact]
    public void Cosine_is_of_the_angle()
    {
        Assert.Equal(1, Differences.Cosine(new([1, 2]), new([3, 6]))!.Value, 1e-12);
        Assert.Equal(-1, Differences.Cosine(new([1, 2]), new([-1, -2]))!.Value, 1e-12);
        Assert.Equal(0, Differences.Cosine(new([1, 0]), new([0, 5])));
        Assert.Equal(Math.Sqrt(0.5), Differences.Cosine(new([1, 0]), new([2, 2]))!.Value, 1e-12);
        Assert.Null(Differences.Cosine(new([0, 0]), new([1, 0])));
    }
}

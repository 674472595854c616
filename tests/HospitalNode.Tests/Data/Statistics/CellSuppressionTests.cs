using CsCheck;

namespace FederatedOrleans.Data.Statistics;

/// <summary>Which counts leave a hospital.</summary>
public sealed class CellSuppressionTests
{
    [Theory]
    [InlineData(new long[] { 12, 0, 30 }, new long[] { 12, 0, 30 }, false)]
    [InlineData(new long[] { 12, 3, 30 }, new long[] { 0, 0, 30 }, true)]
    [InlineData(new long[] { 12, 3, 8, 30 }, new long[] { 12, 0, 0, 30 }, true)]
    [InlineData(new long[] { 9, 0 }, new long[] { 0, 0 }, true)]
    [InlineData(new long[] { 10, 9 }, new long[] { 0, 0 }, true)]
    public void Small_ones_do_not_and_what_would_tell_them_neither(long[] cells, long[] left, bool isAny)
    {
        Assert.Equal(isAny, CellSuppression.Withhold(cells, 10));
        Assert.Equal(left, cells);
    }

    [Fact]
    public void Whoever_knows_the_total_learns_of_no_count_below_the_least() =>
        Gen.Select(Gen.Long[0, 40].Array[1, 12], Gen.Int[1, 20]).Sample((cells, least) =>
        {
            var left = (long[])cells.Clone();
            var isAny = CellSuppression.Withhold(left, least);
            var withheld = cells.Sum() - left.Sum();
            Assert.All(left.Zip(cells), pair => Assert.True(pair.First == pair.Second || pair.First == 0));
            Assert.All(left, cell => Assert.True(cell == 0 || cell >= least));
            Assert.Equal(cells.Any(cell => cell > 0 && cell < least), isAny);

            // Either nothing is withheld, or as much as the least, or everything there is.
            Assert.True(withheld == 0 || withheld >= least || left.All(cell => cell == 0));
        });
}

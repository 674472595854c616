using CsCheck;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation.Partitions;

/// <summary>What share of a class each hospital has.</summary>
public sealed class SharesTests
{
    private static readonly Gen<double> Alphas = Gen.OneOf([.. new[] { 0.01, 0.1, 0.5, 1, 10, 1e6 }.Select(alpha => Gen.Const(alpha))]);

    [Fact]
    public void Shares_are_a_distribution_and_the_same_for_the_same_seed() =>
        Gen.Select(Alphas, Gen.Int[1, 40], Gen.Int[1, 5], Gen.Long).Sample((alpha, hospitals, classes, seed) =>
        {
            foreach (var partition in (IPartition[])[new EvenPartition(), new DirichletPartition(alpha), new QuantityPartition(alpha)])
            {
                var shares = partition.Shares(classes, hospitals, SeededRandom.For("test", seed));
                Assert.Equal(classes, shares.Length);
                Assert.All(shares, each => Assert.Equal(hospitals, each.Length));
                Assert.All(shares, each => Assert.InRange(each.Sum(), 1 - 1e-9, 1 + 1e-9));
                Assert.All(shares, each => Assert.All(each, share => Assert.InRange(share, 0, 1)));
                Assert.Equal(shares, partition.Shares(classes, hospitals, SeededRandom.For("test", seed)));
            }
        });

    // Mean 1/n and variance (1/n)(1 - 1/n)/(n alpha + 1): of 20,000 draws they are off by some standard errors at most.
    [Theory]
    [InlineData(0.1, 5)]
    [InlineData(1, 4)]
    [InlineData(30, 8)]
    public void Dirichlet_shares_have_the_distributions_moments(double alpha, int hospitals)
    {
        const int Draws = 20_000;
        var random = SeededRandom.For("moments", 1);
        var mean = 1.0 / hospitals;
        double sum = 0, squares = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var share = DirichletShares.Draw(alpha, hospitals, random)[draw % hospitals];
            sum += share;
            squares += (share - mean) * (share - mean);
        }

        var variance = mean * (1 - mean) / ((hospitals * alpha) + 1);
        Assert.Equal(mean, sum / Draws, 5 * Math.Sqrt(variance / Draws));
        Assert.InRange(squares / Draws, variance * 0.93, variance * 1.07);
    }

    [Fact]
    public void Classes_are_skewed_one_by_one_and_quantities_all_together()
    {
        var skewed = new DirichletPartition(0.3).Shares(2, 6, SeededRandom.For("test", 1));
        Assert.NotEqual(skewed[0], skewed[1]);
        var sized = new QuantityPartition(0.3).Shares(2, 6, SeededRandom.For("test", 1));
        Assert.Equal(sized[0], sized[1]);
    }
}

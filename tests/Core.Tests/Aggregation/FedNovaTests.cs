using CsCheck;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Aggregation;

/// <summary>Updates counted by how many local steps they are made of.</summary>
public sealed class FedNovaTests
{
    // By hand: 10 rows made 2 steps, 30 rows made 6. t = (10 * 2 + 30 * 6) / 40 = 5; D = 5 (0.25 * 4 / 2 + 0.75 * 12 / 6) = 10.
    [Fact]
    public void Updates_are_normalised_by_their_steps_and_scaled_back_by_the_mean_number_of_them() => Assert.Equal(
        10f, new FedNova(rows => rows / 5).Aggregate([("aa", new([4f]), 10L), ("bb", new([12f]), 30L)]).Span[0], 1e-5f);

    [Fact]
    public void Steps_that_are_alike_everywhere_give_the_weighted_mean() =>
        Gen.Select(Gen.Float[-10, 10].Array[5], Gen.Long[1, 1000]).Array[1, 6].Sample(drawn =>
        {
            var updates = drawn.Select((pair, index) => ($"h-{index}", new ParameterVector(pair.Item1), pair.Item2)).ToArray();
            var (nova, mean) = (new FedNova(_ => 17).Aggregate(updates), new WeightedMean().Aggregate(updates));
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(mean.Span[i], nova.Span[i], 1e-5f);
            }
        }, iter: 300);

    [Fact]
    public void Groups_are_combined_like_one()
    {
        (string, ParameterVector, long)[] updates = [.. Enumerable.Range(0, 7).Select(i => ($"h-{i}", new ParameterVector([i + 1f, -i]), 10L * (i + 1)))];
        var nova = new FedNova(rows => 1 + (rows / 4));
        var (whole, grouped) = (nova.Aggregate(updates), nova.AggregateGroups(updates.Chunk(3), 2));

        Assert.Equal(whole.Span[0], grouped.Span[0], 1e-5f);
        Assert.Equal(whole.Span[1], grouped.Span[1], 1e-5f);
    }

    [Fact]
    public void Every_name_has_its_aggregator()
    {
        Assert.All(Aggregators.Names, name => Assert.Equal(name, Aggregators.For(Plan(name), 1).Name));
        Assert.Contains(new AggregatorPlan().Name, Aggregators.Names);
        Assert.Throws<ArgumentException>(() => Aggregators.For(Plan("mean"), 1));
    }

    private static TrainingPlan Plan(string aggregator) => new()
    {
        Version = 1,
        Name = "nova",
        Dataset = new() { Name = "rows", Schema = new() { Features = [new() { Name = "x" }], Label = "y" } },
        Model = new() { Kind = "logistic-regression" },
        Training = new() { LearningRate = 0.5, BatchSize = 4, Epochs = 3 },
        Rounds = 1,
        Aggregator = new() { Name = aggregator },
    };
}

using CsCheck;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Evaluation;

/// <summary>What a hospital tells of the probabilities of its rows, and what is known of all rows by it.</summary>
public sealed class ScoreIntervalsTests
{
    [Fact]
    public void No_interval_holds_few_rows_of_a_class_and_all_rows_are_in_one() =>
        Gen.Select(Gen.Double[0, 1].Array[1, 200], Gen.Int[1, 12], Gen.Int[1, 9]).Sample((probabilities, least, every) =>
        {
            double[] labels = [.. probabilities.Select((_, row) => row % every == 0 ? 1.0 : 0.0)];
            var positives = labels.Count(label => label == 1);
            var histogram = ScoreIntervals.Of(probabilities, labels, least);
            var isTooFew = (positives > 0 && positives < least) || (labels.Length - positives > 0 && labels.Length - positives < least);
            Assert.Equal(isTooFew, histogram is null);
            if (histogram is not null)
            {
                Assert.True(histogram.IsSound());
                Assert.All(histogram.Positives.Concat(histogram.Negatives), count => Assert.True(count == 0 || count >= least));
                Assert.Equal((positives, labels.Length - positives), (histogram.Positives.Sum(), histogram.Negatives.Sum()));
                Assert.Equal(probabilities.Sum(), histogram.ScoreSums.Sum(), 0.005 * labels.Length);
            }
        });

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void The_area_of_all_rows_is_within_the_bound_that_is_told(int least)
    {
        var random = SeededRandom.For("scores", least);
        var (all, given) = (new List<(double Probability, double Label)>(), new List<EvaluationMetrics>());
        for (var hospital = 0; hospital < 5; hospital++)
        {
            // Ill patients have higher probabilities, and each hospital other ones.
            double[] labels = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble() < 0.2 + (0.1 * hospital) ? 1.0 : 0.0)];
            double[] probabilities = [.. labels.Select(label => Math.Clamp((random.NextDouble() + random.NextDouble() + (label * 0.5) + (hospital * 0.05)) / 2.7, 0, 1))];
            all.AddRange(probabilities.Zip(labels));
            given.Add(BinaryEvaluator.Evaluate(probabilities, labels) with { Scores = ScoreIntervals.Of(probabilities, labels, least) });
        }

        double[] everyProbability = [.. all.Select(row => row.Probability)], everyLabel = [.. all.Select(row => row.Label)];
        var expected = BinaryEvaluator.Evaluate(everyProbability, everyLabel);
        var pooled = PooledMetrics.Of(given)!;

        Assert.Equal((5, 5, 1500L), (pooled.Hospitals, pooled.Histograms, pooled.NumExamples));
        Assert.InRange(Math.Abs(expected.Auc!.Value - pooled.Auc!.Value), 0, pooled.AucBound!.Value);
        Assert.InRange(pooled.AucBound.Value, 1e-6, least == 1 ? 0.01 : 0.2);
        Assert.Equal(expected.Accuracy, pooled.Accuracy!.Value, 1e-12);
        Assert.Equal(expected.LogLoss, pooled.LogLoss!.Value, 1e-12);
        Assert.Equal(expected.BalancedAccuracy!.Value, pooled.BalancedAccuracy!.Value, 1e-12);
        Assert.Equal(expected.F1!.Value, pooled.F1!.Value, 1e-12);
        Assert.Equal(expected.MajorityRate, pooled.MajorityRate!.Value, 1e-12);
        Assert.Equal(expected.CalibrationError!.Value, pooled.CalibrationError!.Value, 0.05);
        var right = pooled.Confusion!.TruePositives + pooled.Confusion.TrueNegatives;
        Assert.Equal(expected.Accuracy, right / 1500.0, 1e-12);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.001, 0)]
    [InlineData(0.0011, 1)]
    [InlineData(0.5, 499)]
    [InlineData(0.5001, 500)]
    [InlineData(1.0, 999)]
    public void One_half_is_not_positive_in_a_bin_either(double probability, int bin) => Assert.Equal(bin, ScoreHistogram.BinOf(probability));

    [Fact]
    public void Where_a_side_of_one_half_has_too_few_rows_nobody_learns_how_many()
    {
        double[] probabilities = [.. Enumerable.Repeat(0.2, 30), .. Enumerable.Repeat(0.9, 3), .. Enumerable.Repeat(0.95, 30)];
        double[] labels = [.. Enumerable.Repeat(0.0, 33), .. Enumerable.Repeat(1.0, 30)];
        var histogram = ScoreIntervals.Of(probabilities, labels, 10)!;
        Assert.DoesNotContain(500, histogram.Edges);
        Assert.Null(PooledMetrics.Of([BinaryEvaluator.Evaluate(probabilities, labels) with { Scores = histogram }])!.Confusion);
        Assert.Null(ScoreIntervals.Of([0.1, 0.9], [0, 1], 10));
    }

    [Fact]
    public void A_histogram_that_cannot_be_is_found()
    {
        var good = new ScoreHistogram { Edges = [0, 500, 1000], Positives = [1, 2], Negatives = [3, 0], ScoreSums = [1, 1.5] };
        Assert.True(good.IsSound());
        Assert.All(
            new[]
            {
                good with { Edges = [0, 1000] }, good with { Edges = [0, 0, 1000] }, good with { Edges = [1, 500, 1000] }, good with { Positives = [-1, 2] },
                good with { Negatives = [3] }, good with { ScoreSums = [3, 1.5] }, good with { ScoreSums = [double.NaN, 1] }, good with { Positives = default },
            },
            bad => Assert.False(bad.IsSound()));
    }
}

using CsCheck;
using Microsoft.ML;

namespace FederatedOrleans.Evaluation;

public sealed class BinaryEvaluatorTests
{
    [Fact]
    public void Metrics_of_a_small_table()
    {
        var metrics = BinaryEvaluator.Evaluate([0.9, 0.8, 0.5, 0.3], [1, 0, 1, 0]);

        Assert.Equal((4L, 0.5, 0.5), (metrics.NumExamples, metrics.Accuracy, metrics.MajorityRate));
        Assert.Equal(0.75, metrics.Auc);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.2) + Math.Log(0.5) + Math.Log(0.7)) / 4, metrics.LogLoss, 12);

        // One of two taken for positive is; each alone in its bin.
        Assert.Equal((0.5, 0.5), (metrics.BalancedAccuracy, metrics.F1));
        Assert.Equal((0.1 + 0.8 + 0.5 + 0.3) / 4, metrics.CalibrationError!.Value, 12);
    }

    [Fact]
    public void Always_the_same_answer_has_a_balanced_accuracy_of_one_half()
    {
        var metrics = BinaryEvaluator.Evaluate([0.9, 0.9, 0.9, 0.9, 0.9], [1, 1, 1, 1, 0]);
        Assert.Equal((0.8, 0.5, 8.0 / 9), (metrics.Accuracy, metrics.BalancedAccuracy, metrics.F1!.Value));
        Assert.Equal(0.1, metrics.CalibrationError!.Value, 12);
        Assert.Null(BinaryEvaluator.Evaluate([0.1], [0]).F1);
        Assert.Equal(1, BinaryEvaluator.Evaluate([0.1], [0]).BalancedAccuracy);
        Assert.Equal(0, BinaryEvaluator.Evaluate([0.1], [1]).F1);
    }

    [Fact]
    public void One_half_is_not_positive() => Assert.Equal(1.0, BinaryEvaluator.Evaluate([0.5], [0]).Accuracy);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void One_class_has_no_auc_and_all_else(double label)
    {
        var metrics = BinaryEvaluator.Evaluate([0.2, 0.7, 0.9], [label, label, label]);

        Assert.Null(metrics.Auc);
        Assert.Equal(1.0, metrics.MajorityRate);
        Assert.True(double.IsFinite(metrics.LogLoss));
    }

    [Fact]
    public void Equal_scores_count_half() => Assert.Equal(0.5, BinaryEvaluator.Evaluate([0.3, 0.3, 0.3], [1, 0, 1]).Auc);

    [Fact]
    public void A_certain_mistake_has_a_large_finite_loss() => Assert.Equal(15 * Math.Log(10), BinaryEvaluator.Evaluate([0], [1]).LogLoss, 9);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.1)]
    public void A_score_that_is_no_probability_is_a_failure(double probability) =>
        Assert.Throws<ArgumentException>(() => BinaryEvaluator.Evaluate([0.5, probability], [0, 1]));

    [Fact]
    public void No_rows_have_no_metrics() => Assert.Throws<ArgumentException>(() => BinaryEvaluator.Evaluate([], []));

    // ML.NET's evaluator is the reference: scores are floats with many ties, its loss is in bits, its accuracy by the sign of the score.
    [Fact]
    public void Metrics_agree_with_ml_net()
    {
        var context = new MLContext(seed: 1);
        Gen.Select(Gen.Int[1, 39], Gen.Bool).Array[2, 60].Sample(rows =>
        {
            if (rows.All(row => row.Item2) || rows.All(row => !row.Item2))
            {
                return;
            }

            var scored = rows.Select(row => new Scored
            {
                Label = row.Item2,
                Probability = row.Item1 / 40f,
                Score = (float)Math.Log(row.Item1 / (40.0 - row.Item1)),
            }).ToArray();
            var reference = context.BinaryClassification.Evaluate(context.Data.LoadFromEnumerable(scored));
            var metrics = BinaryEvaluator.Evaluate([.. rows.Select(row => row.Item1 / 40.0)], [.. rows.Select(row => row.Item2 ? 1.0 : 0.0)]);

            Assert.Equal(reference.AreaUnderRocCurve, metrics.Auc!.Value, 9);
            Assert.Equal(reference.Accuracy, metrics.Accuracy, 12);
            Assert.Equal((reference.PositiveRecall + reference.NegativeRecall) / 2, metrics.BalancedAccuracy!.Value, 12);
            if (double.IsFinite(reference.F1Score) && reference.F1Score > 0)
            {
                Assert.Equal(reference.F1Score, metrics.F1!.Value, 9);
            }

            Assert.Equal(reference.LogLoss * Math.Log(2), metrics.LogLoss, 1e-6);
        }, iter: 40, threads: 1);
    }

    private sealed class Scored
    {
        public bool Label { get; init; }

        public float Score { get; init; }

        public float Probability { get; init; }

        public bool PredictedLabel => Score > 0;
    }
}

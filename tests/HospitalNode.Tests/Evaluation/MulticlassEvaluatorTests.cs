using Microsoft.ML;

namespace FederatedOrleans.Evaluation;

public sealed class MulticlassEvaluatorTests
{
    [Fact]
    public void Metrics_are_those_of_the_definition()
    {
        var metrics = MulticlassEvaluator.Evaluate([0.7, 0.2, 0.1, 0.3, 0.3, 0.4, 0.1, 0.8, 0.1, 0, 0.5, 0.5], [0, 2, 1, 2]);

        Assert.Equal((4L, 0.75, 0.5), (metrics.NumExamples, metrics.Accuracy, metrics.MajorityRate));
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.4) + Math.Log(0.8) + Math.Log(0.5)) / 4, metrics.LogLoss, 12);
        Assert.Null(metrics.Auc);

        // Recalls 1, 1 and 1/2; the other row of the third class was taken for the second.
        Assert.Equal(2.5 / 3, metrics.BalancedAccuracy!.Value, 12);
        Assert.Equal((1 + (2.0 / 3) + (2.0 / 3)) / 3, metrics.F1!.Value, 12);
    }

    [Fact]
    public void A_probability_of_nothing_for_what_happened_leaves_the_loss_finite() =>
        Assert.True(double.IsFinite(MulticlassEvaluator.Evaluate([1, 0, 0], [1]).LogLoss));

    [Fact]
    public void What_is_no_probability_is_refused()
    {
        Assert.Throws<ArgumentException>(() => MulticlassEvaluator.Evaluate([double.NaN, 0, 0], [1]));
        Assert.Throws<ArgumentException>(() => MulticlassEvaluator.Evaluate([0.5, 0.5, 0], [1, 0]));
        Assert.Throws<ArgumentException>(() => MulticlassEvaluator.Evaluate([], []));
    }

    [Fact]
    public void Accuracy_and_loss_agree_with_those_of_ML_NET()
    {
        var random = Randomness.SeededRandom.For("multiclass", 1);
        var rows = Enumerable.Range(0, 200).Select(_ =>
        {
            float[] raw = [.. Enumerable.Range(0, 4).Select(_ => (float)(0.05 + random.NextDouble()))];
            return new Row { Label = (uint)random.NextInt32(4), Score = [.. raw.Select(value => value / raw.Sum())] };
        }).ToArray();
        foreach (var row in rows)
        {
            row.PredictedLabel = (uint)Array.IndexOf(row.Score, row.Score.Max());
        }

        var schema = Microsoft.ML.Data.SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Score)].ColumnType = new Microsoft.ML.Data.VectorDataViewType(Microsoft.ML.Data.NumberDataViewType.Single, 4);
        schema[nameof(Row.Label)].ColumnType = new Microsoft.ML.Data.KeyDataViewType(typeof(uint), 4);
        schema[nameof(Row.PredictedLabel)].ColumnType = new Microsoft.ML.Data.KeyDataViewType(typeof(uint), 4);
        var context = new MLContext(seed: 1);
        var expected = context.MulticlassClassification.Evaluate(context.Data.LoadFromEnumerable(rows, schema));
        var metrics = MulticlassEvaluator.Evaluate(
            [.. rows.SelectMany(row => row.Score.Select(score => (double)score))], [.. rows.Select(row => (double)row.Label)]);

        Assert.Equal(expected.MicroAccuracy, metrics.Accuracy, 12);
        Assert.Equal(expected.LogLoss, metrics.LogLoss, 6);
    }

    private sealed class Row
    {
        public uint Label { get; init; }

        public float[] Score { get; init; } = [];

        public uint PredictedLabel { get; set; }
    }
}

using System.Numerics.Tensors;

namespace FederatedOrleans.Evaluation;

/// <summary>Metrics of a model of a numeric label from what it predicts and the labels.</summary>
internal static class RegressionEvaluator
{
    /// <summary>Evaluates.</summary>
    /// <param name="predictions">Values, a row each.</param>
    /// <param name="labels">Labels.</param>
    /// <exception cref="ArgumentException">There is no row, the lengths differ, or a prediction is not a finite number: a model with such predictions has no metrics.</exception>
    public static EvaluationMetrics Evaluate(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        if (labels.Length == 0 || predictions.Length != labels.Length)
        {
            throw new ArgumentException("Metrics need at least one row, and one prediction a label.", nameof(predictions));
        }

        var (squares, absolutes, deviations) = (0.0, 0.0, 0.0);
        var mean = TensorPrimitives.Sum(labels) / labels.Length;
        for (var row = 0; row < labels.Length; row++)
        {
            var error = predictions[row] - labels[row];
            squares += error * error;
            absolutes += Math.Abs(error);
            deviations += (labels[row] - mean) * (labels[row] - mean);
        }

        return double.IsFinite(squares)
            ? new()
            {
                NumExamples = labels.Length,
                Accuracy = 0,
                LogLoss = 0,
                MajorityRate = 0,
                Regression = new()
                {
                    RootMeanSquaredError = Math.Sqrt(squares / labels.Length),
                    MeanAbsoluteError = absolutes / labels.Length,
                    LabelDeviation = Math.Sqrt(deviations / labels.Length),
                },
            }
            : throw new ArgumentException("A prediction is not a finite number.", nameof(predictions));
    }
}

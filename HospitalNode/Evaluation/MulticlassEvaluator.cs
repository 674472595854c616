namespace FederatedOrleans.Evaluation;

/// <summary>Metrics of a model of several classes from the probabilities it gives and the labels.</summary>
internal static class MulticlassEvaluator
{
    // As of two classes: a probability of exactly 0 for what happened would make the mean infinite whatever the other rows say.
    private const double LeastProbability = 1e-15;

    /// <summary>Evaluates. There is no AUC: it is of two classes.</summary>
    /// <param name="probabilities">Probabilities of the classes, row after row.</param>
    /// <param name="labels">Index of the class of each row.</param>
    /// <exception cref="ArgumentException">There is no row, the lengths do not fit, or a probability is not within 0 to 1.</exception>
    public static EvaluationMetrics Evaluate(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels)
    {
        if (labels.Length == 0 || probabilities.Length == 0 || probabilities.Length % labels.Length != 0)
        {
            throw new ArgumentException("Metrics need at least one row, and a probability for each class of each.", nameof(probabilities));
        }

        var classes = probabilities.Length / labels.Length;
        var (loss, counts, taken, right) = (0.0, new long[classes], new long[classes], new long[classes]);
        var calibration = new CalibrationBins();
        for (var row = 0; row < labels.Length; row++)
        {
            var given = probabilities.Slice(row * classes, classes);
            var label = (int)labels[row];
            var likeliest = 0;
            for (var index = 0; index < classes; index++)
            {
                if (!(given[index] is >= 0 and <= 1))
                {
                    throw new ArgumentException("A probability is not a number from 0 to 1.", nameof(probabilities));
                }

                likeliest = given[index] > given[likeliest] ? index : likeliest;
            }

            counts[label]++;
            taken[likeliest]++;
            right[label] += likeliest == label ? 1 : 0;
            calibration.Add(given[likeliest], likeliest == label);
            loss -= Math.Log(Math.Max(given[label], LeastProbability));
        }

        double rows = labels.Length;
        return new()
        {
            NumExamples = labels.Length,
            Accuracy = right.Sum() / rows,
            LogLoss = loss / rows,
            MajorityRate = counts.Max() / rows,
            BalancedAccuracy = Enumerable.Range(0, classes).Where(index => counts[index] > 0).Average(index => (double)right[index] / counts[index]),
            F1 = Enumerable.Range(0, classes).Where(index => counts[index] + taken[index] > 0).Average(index => 2.0 * right[index] / (counts[index] + taken[index])),
            CalibrationError = calibration.Error(),
        };
    }
}

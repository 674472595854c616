namespace FederatedOrleans.Evaluation;

/// <summary>What a model reaches on the test rows of all hospitals together, as far as these tell.</summary>
/// <remarks>
/// Means are weighted by rows. What needs the rows' probabilities comes from <see cref="ScoreHistogram"/>s and is of the hospitals that give one: the area under the ROC
/// curve is the share of pairs of a positive and a negative row in which the positive has the higher probability; a pair whose intervals overlap counts
/// half, and the bound is half the share of such pairs, so that the area of the rows themselves is no farther away.
/// </remarks>
[GenerateSerializer, Immutable, Alias("fo.PooledMetrics")]
public sealed record PooledMetrics
{
    /// <summary>Hospitals.</summary>
    [Id(0)] public required int Hospitals { get; init; }

    /// <summary>Test rows.</summary>
    [Id(1)] public required long NumExamples { get; init; }

    /// <summary>Share of the rows that are answered right; absent of a numeric label.</summary>
    [Id(2)] public double? Accuracy { get; init; }

    /// <summary>Mean negative log-likelihood in nats; absent of a numeric label.</summary>
    [Id(3)] public double? LogLoss { get; init; }

    /// <summary>Root mean squared error of a numeric label.</summary>
    [Id(4)] public double? RootMeanSquaredError { get; init; }

    /// <summary>Mean absolute error of a numeric label.</summary>
    [Id(5)] public double? MeanAbsoluteError { get; init; }

    /// <summary>Hospitals that give a histogram.</summary>
    [Id(6)] public required int Histograms { get; init; }

    /// <summary>Area under the ROC curve over all rows of those; absent where they have one class only.</summary>
    [Id(7)] public double? Auc { get; init; }

    /// <summary>By how much that may be off.</summary>
    [Id(8)] public double? AucBound { get; init; }

    /// <summary>Their rows by class and answer; absent where some interval lies across 0.5.</summary>
    [Id(9)] public Confusion? Confusion { get; init; }

    /// <summary>Share of the more frequent class of their rows.</summary>
    [Id(10)] public double? MajorityRate { get; init; }

    /// <summary>Mean of both classes' share of right answers.</summary>
    [Id(11)] public double? BalancedAccuracy { get; init; }

    /// <summary>F1 of the positive label.</summary>
    [Id(12)] public double? F1 { get; init; }

    /// <summary>Expected calibration error in 10 bins, each interval in that of its mean probability.</summary>
    [Id(13)] public double? CalibrationError { get; init; }

    /// <summary>Those of what several hospitals measured; null where there is none.</summary>
    public static PooledMetrics? Of(IReadOnlyCollection<EvaluationMetrics> hospitals)
    {
        ArgumentNullException.ThrowIfNull(hospitals);
        var rows = hospitals.Sum(metrics => metrics.NumExamples);
        if (rows == 0)
        {
            return null;
        }

        double Mean(Func<EvaluationMetrics, double> value) => hospitals.Sum(metrics => value(metrics) * metrics.NumExamples) / rows;
        var histograms = hospitals.Select(metrics => metrics.Scores).OfType<ScoreHistogram>().ToArray();
        var pooled = new PooledMetrics { Hospitals = hospitals.Count, NumExamples = rows, Histograms = histograms.Length };
        if (hospitals.All(metrics => metrics.Regression is not null))
        {
            return pooled with
            {
                RootMeanSquaredError = Math.Sqrt(Mean(metrics => metrics.Regression!.RootMeanSquaredError * metrics.Regression.RootMeanSquaredError)),
                MeanAbsoluteError = Mean(metrics => metrics.Regression!.MeanAbsoluteError),
            };
        }

        pooled = pooled with { Accuracy = Mean(metrics => metrics.Accuracy), LogLoss = Mean(metrics => metrics.LogLoss) };
        return histograms.Length == 0 ? pooled : WithScores(pooled, histograms);
    }

    private static PooledMetrics WithScores(PooledMetrics pooled, ScoreHistogram[] histograms)
    {
        long positives = histograms.Sum(histogram => histogram.Positives.Sum()), negatives = histograms.Sum(histogram => histogram.Negatives.Sum());
        var (auc, bound) = AreaOf(histograms, positives, negatives);
        var confusion = ConfusionOf(histograms);
        return pooled with
        {
            Auc = auc,
            AucBound = bound,
            MajorityRate = positives + negatives == 0 ? null : Math.Max(positives, negatives) / (double)(positives + negatives),
            CalibrationError = CalibrationOf(histograms, positives + negatives),
            Confusion = confusion,
            BalancedAccuracy = confusion is null || positives == 0 || negatives == 0
                ? null
                : (((double)confusion.TruePositives / positives) + ((double)confusion.TrueNegatives / negatives)) / 2,
            F1 = confusion is null || positives + confusion.TruePositives + confusion.FalsePositives == 0
                ? null
                : 2.0 * confusion.TruePositives / (positives + confusion.TruePositives + confusion.FalsePositives),
        };
    }

    private static (double? Auc, double? Bound) AreaOf(ScoreHistogram[] histograms, long positives, long negatives)
    {
        if (positives == 0 || negatives == 0)
        {
            return (null, null);
        }

        // Negatives whose interval ends at or below an edge, and those whose interval begins at or above it.
        var (below, above) = (new double[ScoreHistogram.Bins + 1], new double[ScoreHistogram.Bins + 1]);
        foreach (var histogram in histograms)
        {
            for (var interval = 0; interval < histogram.Negatives.Length; interval++)
            {
                below[histogram.Edges[interval + 1]] += histogram.Negatives[interval];
                above[histogram.Edges[interval]] += histogram.Negatives[interval];
            }
        }

        for (var edge = 1; edge <= ScoreHistogram.Bins; edge++)
        {
            below[edge] += below[edge - 1];
            above[ScoreHistogram.Bins - edge] += above[ScoreHistogram.Bins - edge + 1];
        }

        var (won, open) = (0.0, 0.0);
        foreach (var histogram in histograms)
        {
            for (var interval = 0; interval < histogram.Positives.Length; interval++)
            {
                var (lower, upper) = (below[histogram.Edges[interval]], above[histogram.Edges[interval + 1]]);
                won += histogram.Positives[interval] * lower;
                open += histogram.Positives[interval] * (negatives - lower - upper);
            }
        }

        var pairs = (double)positives * negatives;
        return ((won + (open / 2)) / pairs, open / 2 / pairs);
    }

    private static Confusion? ConfusionOf(ScoreHistogram[] histograms)
    {
        var (taken, right, rejected, wrong) = (0L, 0L, 0L, 0L);
        foreach (var histogram in histograms)
        {
            for (var interval = 0; interval < histogram.Positives.Length; interval++)
            {
                if (histogram.Edges[interval] >= ScoreHistogram.Threshold)
                {
                    (right, taken) = (right + histogram.Positives[interval], taken + histogram.Negatives[interval]);
                }
                else if (histogram.Edges[interval + 1] <= ScoreHistogram.Threshold)
                {
                    (wrong, rejected) = (wrong + histogram.Positives[interval], rejected + histogram.Negatives[interval]);
                }
                else
                {
                    return null;
                }
            }
        }

        return new(right, taken, rejected, wrong);
    }

    private static double? CalibrationOf(ScoreHistogram[] histograms, long rows)
    {
        const int Deciles = 10;
        var off = new double[Deciles];
        foreach (var histogram in histograms)
        {
            for (var interval = 0; interval < histogram.Positives.Length; interval++)
            {
                var there = histogram.Positives[interval] + histogram.Negatives[interval];
                if (there > 0)
                {
                    off[Math.Clamp((int)(histogram.ScoreSums[interval] / there * Deciles), 0, Deciles - 1)] += histogram.Positives[interval] - histogram.ScoreSums[interval];
                }
            }
        }

        return rows == 0 ? null : off.Sum(Math.Abs) / rows;
    }
}

using System.Runtime.InteropServices;

namespace FederatedOrleans.Evaluation;

/// <summary>Makes the histogram of a binary model's probabilities that may leave a hospital.</summary>
internal static class ScoreIntervals
{
    /// <summary>The histogram; null where a class has fewer rows than the least, so that no interval can hold enough.</summary>
    /// <param name="probabilities">Probability of the positive label, a row each, 0 to 1.</param>
    /// <param name="labels">Labels, 0 or 1.</param>
    /// <param name="least">Least count of a class in an interval, but for none at all.</param>
    public static ScoreHistogram? Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels, int least)
    {
        var bins = new Interval[ScoreHistogram.Bins];
        var whole = new Interval(0, 0, 0);
        for (var row = 0; row < labels.Length; row++)
        {
            var one = labels[row] > 0.5 ? new Interval(1, 0, probabilities[row]) : new Interval(0, 1, probabilities[row]);
            bins[ScoreHistogram.BinOf(probabilities[row])] += one;
            whole += one;
        }

        if (!whole.MayLeave(least))
        {
            return null;
        }

        List<(int End, Interval Rows)> parts = [];
        Split(bins, 0, ScoreHistogram.Bins, least, parts);
        return new()
        {
            Edges = [0, .. parts.Select(part => part.End)],
            Positives = [.. parts.Select(part => part.Rows.Positives)],
            Negatives = [.. parts.Select(part => part.Rows.Negatives)],
            ScoreSums = [.. parts.Select(part => part.Rows.CoarseScores)],
        };
    }

    /// <summary>Splits an interval in the middle, else at a quarter, for as long as both parts may leave: an edge that lay where a row does would tell of it.</summary>
    private static void Split(Interval[] bins, int from, int to, int least, List<(int End, Interval Rows)> parts)
    {
        var quarter = (to - from) / 4;
        foreach (var edge in (ReadOnlySpan<int>)[from + ((to - from) / 2), from + quarter, to - quarter])
        {
            if (edge > from && edge < to && Sum(bins, from, edge).MayLeave(least) && Sum(bins, edge, to).MayLeave(least))
            {
                Split(bins, from, edge, least, parts);
                Split(bins, edge, to, least, parts);
                return;
            }
        }

        parts.Add((to, Sum(bins, from, to)));
    }

    private static Interval Sum(Interval[] bins, int from, int to)
    {
        var sum = new Interval(0, 0, 0);
        for (var bin = from; bin < to; bin++)
        {
            sum += bins[bin];
        }

        return sum;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Interval(long Positives, long Negatives, double Scores)
    {
        public long Rows => Positives + Negatives;

        /// <summary>By the mean probability to two decimals: exact sums of few rows could be solved for them.</summary>
        public double CoarseScores => Rows == 0 ? 0 : Math.Round(Scores / Rows, 2) * Rows;

        public bool MayLeave(int least) => (Positives == 0 || Positives >= least) && (Negatives == 0 || Negatives >= least);

        public static Interval operator +(Interval one, Interval other) =>
            new(one.Positives + other.Positives, one.Negatives + other.Negatives, one.Scores + other.Scores);
    }
}

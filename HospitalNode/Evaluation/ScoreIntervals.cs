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

        // Apart below and above 0.5, so that right and wrong answers can be told; where a half is too small, together.
        var halves = Merge(bins, 0, ScoreHistogram.Threshold, least) is { } lower && Merge(bins, ScoreHistogram.Threshold, ScoreHistogram.Bins, least) is { } upper
            ? [.. lower, .. upper]
            : Merge(bins, 0, ScoreHistogram.Bins, least)!;
        return new()
        {
            Edges = [0, .. halves.Select(part => part.End)],
            Positives = [.. halves.Select(part => part.Rows.Positives)],
            Negatives = [.. halves.Select(part => part.Rows.Negatives)],
            ScoreSums = [.. halves.Select(part => part.Rows.Scores)],
        };
    }

    /// <summary>Intervals from one bin to another, each as short as it may be; what is left at the end goes to the last. Null where all of it is too little.</summary>
    private static List<(int End, Interval Rows)>? Merge(Interval[] bins, int from, int to, int least)
    {
        var parts = new List<(int End, Interval Rows)>();
        var open = new Interval(0, 0, 0);
        for (var bin = from; bin < to; bin++)
        {
            open += bins[bin];

            // Bins without a row go to their neighbour above.
            if (open.Rows > 0 && open.MayLeave(least))
            {
                parts.Add((bin + 1, open));
                open = new(0, 0, 0);
            }
        }

        if (open.Rows > 0 || parts.Count == 0 || parts[^1].End < to)
        {
            while (true)
            {
                if (open.MayLeave(least))
                {
                    parts.Add((to, open));
                    break;
                }

                if (parts.Count == 0)
                {
                    return null;
                }

                open += parts[^1].Rows;
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return parts;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Interval(long Positives, long Negatives, double Scores)
    {
        public long Rows => Positives + Negatives;

        public bool MayLeave(int least) => (Positives == 0 || Positives >= least) && (Negatives == 0 || Negatives >= least);

        public static Interval operator +(Interval one, Interval other) =>
            new(one.Positives + other.Positives, one.Negatives + other.Negatives, one.Scores + other.Scores);
    }
}

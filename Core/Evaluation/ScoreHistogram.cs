using System.Collections.Immutable;

namespace FederatedOrleans.Evaluation;

/// <summary>How many rows of each class a binary model gives which probabilities, in intervals of so many rows that none can be told.</summary>
/// <remarks>
/// Probabilities lie in 1,000 bins, bin b being (b / 1000, (b + 1) / 1000], with 0 in the first. A hospital splits the whole in halves or
/// quarters, and these again, for as long as each part holds no row of a class, or at least as many as its owner lets go.
/// </remarks>
[GenerateSerializer, Immutable, Alias("fo.ScoreHistogram")]
public sealed record ScoreHistogram
{
    /// <summary>Bins.</summary>
    public const int Bins = 1000;

    /// <summary>The bin after which a model says yes: that above 0.5.</summary>
    public const int Threshold = Bins / 2;

    /// <summary>Bounds of the intervals as numbers of bins: 0 first, ascending, <see cref="Bins"/> last; one more than there are intervals.</summary>
    [Id(0)] public required ImmutableArray<int> Edges { get; init; }

    /// <summary>Rows of the positive label in each interval.</summary>
    [Id(1)] public required ImmutableArray<long> Positives { get; init; }

    /// <summary>Rows of the negative label in each interval.</summary>
    [Id(2)] public required ImmutableArray<long> Negatives { get; init; }

    /// <summary>Rows of each interval times their mean probability to two decimals.</summary>
    [Id(3)] public required ImmutableArray<double> ScoreSums { get; init; }

    /// <summary>The bin of a probability.</summary>
    public static int BinOf(double probability) => Math.Clamp((int)Math.Ceiling(probability * Bins) - 1, 0, Bins - 1);

    /// <summary>Whether it can be one: ascending edges from end to end, as many counts as intervals, none negative, and sums that the intervals allow.</summary>
    public bool IsSound()
    {
        var intervals = Positives.IsDefault ? 0 : Positives.Length;
        if (intervals is 0 or > Bins || Edges.IsDefault || Edges.Length != intervals + 1 || Negatives.IsDefault || Negatives.Length != intervals
            || ScoreSums.IsDefault || ScoreSums.Length != intervals || Edges[0] != 0 || Edges[^1] != Bins)
        {
            return false;
        }

        for (var interval = 0; interval < intervals; interval++)
        {
            var (positives, negatives, sum) = (Positives[interval], Negatives[interval], ScoreSums[interval]);
            var rows = positives + negatives;
            if (Edges[interval] >= Edges[interval + 1] || positives is < 0 or > MostRows || negatives is < 0 or > MostRows
                || !(sum >= rows * (((double)Edges[interval] / Bins) - Coarse) && sum <= rows * (((double)Edges[interval + 1] / Bins) + Coarse)))
            {
                return false;
            }
        }

        return true;
    }

    // What rounding the mean may add, and a little.
    private const double Coarse = 0.006;

    // As of training rows.
    private const long MostRows = 1_000_000_000;
}

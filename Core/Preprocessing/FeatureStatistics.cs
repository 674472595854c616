using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>What is known of one feature, or of the label, over the training rows of all hospitals.</summary>
public sealed record FeatureStatistics
{
    // What is left of two sums that cancel is rounding: a ten-millionth of the range, as a deviation.
    private const double LeastVariance = 1e-14;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Hospitals that have withheld some of it, since a count was below the least cell.</summary>
    public required long Withheld { get; init; }

    /// <summary>Rows with a value, of a categorical feature those whose level was not withheld.</summary>
    public required long Present { get; init; }

    /// <summary>Rows without one, as far as hospitals told.</summary>
    public required long Missing { get; init; }

    /// <summary>Rows with a level that is not declared, as far as hospitals told; 0 of a number.</summary>
    public required long Undeclared { get; init; }

    /// <summary>Mean of the numbers; absent of levels, and where nobody has told any.</summary>
    public double? Mean { get; init; }

    /// <summary>Their unbiased standard deviation, from 0 on; absent where there are fewer than two.</summary>
    public double? Deviation { get; init; }

    /// <summary>Bounds of the bins; absent of levels, and of a label.</summary>
    public NumericRange? Range { get; init; }

    /// <summary>Rows of each bin as far as hospitals told, the lowest first: of equal width within the range, what is beyond in the outermost.</summary>
    public ImmutableArray<long> Bins { get; init; } = [];

    /// <summary>The declared levels, or classes; empty of a number.</summary>
    public ImmutableArray<string> Levels { get; init; } = [];

    /// <summary>Rows of each of them as far as hospitals told.</summary>
    public ImmutableArray<long> LevelRows { get; init; } = [];

    /// <summary>The number below which a share of the rows lies, to within one bin; absent where no bin was told.</summary>
    /// <param name="share">0 to 1; 0.5 is the median.</param>
    public double? Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        var total = Bins.Sum();
        if (total == 0 || Range is not { } range)
        {
            return null;
        }

        var (below, width) = (0L, (range.To - range.From) / Bins.Length);
        for (var bin = 0; bin < Bins.Length; bin++)
        {
            if (Bins[bin] > 0 && below + Bins[bin] >= share * total)
            {
                // As if the rows of a bin lay evenly in it.
                return range.From + (width * (bin + (((share * total) - below) / Bins[bin])));
            }

            below += Bins[bin];
        }

        return range.To;
    }

    /// <summary>The statistics of a number.</summary>
    internal static FeatureStatistics OfNumber(string name, NumericRange range, FeatureSums sums)
    {
        var count = sums.Present;
        var (sum, squares) = (FixedPoint.ToReal(sums.Sum), FixedPoint.ToReal(sums.Squares));

        // What a faulty hospital has sent must not make a mean that lies beyond the bounds, or a root of what is negative.
        var mean = count == 0 ? 0 : Math.Clamp(sum / count, -1, 1);
        var variance = count < 2 ? 0 : Math.Clamp((squares - (sum * mean)) / (count - 1), 0, 2);
        variance = variance < LeastVariance ? 0 : variance;
        return Common(name, sums) with
        {
            Present = count,
            Mean = count == 0 ? null : range.Pivot + (range.HalfWidth * mean),
            Deviation = count < 2 ? null : range.HalfWidth * Math.Sqrt(variance),
            Range = sums.Cells.Length > 0 ? range : null,
            Bins = [.. sums.Cells],
        };
    }

    /// <summary>The statistics of levels, or classes.</summary>
    internal static FeatureStatistics OfLevels(string name, ImmutableArray<string> levels, FeatureSums sums) => Common(name, sums) with
    {
        Present = sums.Cells.Sum(),
        Levels = levels,
        LevelRows = [.. sums.Cells],
    };

    private static FeatureStatistics Common(string name, FeatureSums sums) => new()
    {
        Name = name,
        Withheld = sums.Withheld,
        Present = 0,
        Missing = sums.Missing,
        Undeclared = sums.Undeclared,
    };
}

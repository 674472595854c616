using System.Collections.Immutable;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data.Statistics;

/// <summary>Counts and adds up one number over a hospital's rows.</summary>
/// <param name="range">The declared range: values beyond are moved to its bounds.</param>
/// <param name="missing">Numbers that stand for a missing value.</param>
/// <param name="bins">Bins.</param>
/// <param name="least">Least count that may leave.</param>
internal sealed class NumberTally(NumericRange range, ImmutableArray<double> missing, int bins, int least)
{
    // With so few values the count, the sum and the sum of squares, and the bins, are equations for the rows of each.
    private const int FewValues = 8;

    private const int MostNoted = 4096;

    // Where rows were stretched the mean is told to a part of the deviation, and the deviation to two digits.
    private const double PartOfDeviation = 16;

    // After the bins the missing ones: with them all add up to the rows, whose number is known.
    private readonly long[] _counts = new long[bins + 1];

    // Rows of each value, as it is added up; given up once there are more values than are looked at.
    private readonly Dictionary<double, long> _values = [];
    private readonly int _noted = Math.Min(Math.Max(least, FewValues), MostNoted) + 1;
    private long _present;
    private long _inside;
    private double _sum;
    private double _squares;

    /// <summary>Takes a row's cell.</summary>
    public void Add(float cell)
    {
        if (!float.IsFinite(cell) || (!missing.IsEmpty && missing.Contains(cell)))
        {
            _counts[bins]++;
            return;
        }

        var scaled = Math.Clamp((WrittenNumber.Of(cell) - range.Pivot) / range.HalfWidth, -1, 1);
        _present++;
        _inside += scaled is > -1 and < 1 ? 1 : 0;
        _sum += scaled;
        _squares += scaled * scaled;
        if (_values.Count < _noted)
        {
            _values[scaled] = _values.GetValueOrDefault(scaled) + 1;
        }

        if (bins > 0)
        {
            _counts[Math.Min((int)((scaled + 1) / 2 * bins), bins - 1)]++;
        }
    }

    /// <summary>Writes what may leave the hospital.</summary>
    /// <param name="sums">Where to.</param>
    /// <remarks>
    /// The number of rows is known, so that either of present and missing tells the other. Few missing ones are not told: the sums are those of all rows with the mean and
    /// the deviation of the present ones, so coarse that no number of missing rows fits better than another.
    /// </remarks>
    public void Write(FeatureSums sums)
    {
        if (_present > 0 && (_present < least || TellsFew()))
        {
            sums.Withheld = 1;
            return;
        }

        var absent = _counts[bins];
        var isStretched = _present > 0 && absent > 0 && absent < least;
        (sums.Present, sums.Missing) = isStretched ? (_present + absent, 0) : (_present, absent);
        var (sum, squares) = isStretched ? Stretched(_present + absent) : (_sum, _squares);
        (sums.Sum, sums.Squares) = (FixedPoint.OfReal(sum), FixedPoint.OfReal(squares));
        sums.Withheld = CellSuppression.Withhold(_counts, least) ? 1 : 0;
        _counts.AsSpan(0, bins).CopyTo(sums.Cells);
    }

    /// <summary>The sums of so many rows with about the mean and the deviation of those that are present.</summary>
    private (double Sum, double Squares) Stretched(long rows)
    {
        var mean = _sum / _present;
        var deviation = Math.Sqrt(Math.Max(0, (_squares - (_sum * mean)) / (_present - 1)));
        if (deviation > 0)
        {
            var digit = Math.Pow(10, Math.Floor(Math.Log10(deviation)) - 1);
            deviation = Math.Round(deviation / digit) * digit;
            mean = Math.Round(mean * PartOfDeviation / deviation) * deviation / PartOfDeviation;
        }

        return (rows * mean, ((rows - 1) * deviation * deviation) + (rows * mean * mean));
    }

    /// <summary>
    /// Whether the sums would tell of few rows: where few lie off the bounds of the range, or have another value than most, the sums count those; and of a handful
    /// of values they count the rows of each.
    /// </summary>
    private bool TellsFew()
    {
        if (IsFew(_inside))
        {
            return true;
        }

        if (_values.Count >= _noted)
        {
            return false;
        }

        return IsFew(_present - _values.Values.Max()) || (_values.Count <= FewValues && _values.Values.Any(IsFew));
    }

    private bool IsFew(long rows) => rows > 0 && rows < least;
}

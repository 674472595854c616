using System.Collections.Immutable;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data.Statistics;

/// <summary>Counts and adds up one number over a hospital's rows.</summary>
/// <param name="range">The declared range: values beyond are moved to its bounds.</param>
/// <param name="missing">Numbers that stand for a missing value.</param>
/// <param name="bins">Bins.</param>
internal sealed class NumberTally(NumericRange range, ImmutableArray<double> missing, int bins)
{
    // After the bins the missing ones: with them all add up to the rows, whose number is known.
    private readonly long[] _counts = new long[bins + 1];
    private long _present;
    private double _sum;
    private double _squares;

    // Rows with the value met first, and with the second; whether there are more than two.
    private float _first;
    private float _second;
    private long _firsts;
    private long _seconds;
    private bool _hasMore;

    /// <summary>Takes a row's cell.</summary>
    public void Add(float cell)
    {
        if (!float.IsFinite(cell) || (!missing.IsEmpty && missing.Contains(cell)))
        {
            _counts[bins]++;
            return;
        }

        _present++;
        NoteValue(cell);
        var scaled = Math.Clamp((WrittenNumber.Of(cell) - range.Pivot) / range.HalfWidth, -1, 1);
        _sum += scaled;
        _squares += scaled * scaled;
        if (bins > 0)
        {
            _counts[Math.Min((int)((scaled + 1) / 2 * bins), bins - 1)]++;
        }
    }

    /// <summary>Writes what may leave the hospital.</summary>
    /// <param name="sums">Where to.</param>
    /// <param name="least">Least count that may leave.</param>
    /// <remarks>
    /// The number of rows is known, so that either of present and missing tells the other. Few missing ones are not told: the sums are stretched to all rows, which
    /// leaves mean and deviation as they are. Few present ones leave nothing to tell; nor does a number of two values, as 0 and 1, whose sum counts the few.
    /// </remarks>
    public void Write(FeatureSums sums, int least)
    {
        var rarer = _hasMore ? 0 : Math.Min(_firsts, _seconds);
        if ((_present > 0 && _present < least) || (rarer > 0 && rarer < least))
        {
            sums.Withheld = 1;
            return;
        }

        var absent = _counts[bins];
        var isStretched = _present > 0 && absent > 0 && absent < least;
        var stretch = isStretched ? (double)(_present + absent) / _present : 1;
        (sums.Present, sums.Missing) = isStretched ? (_present + absent, 0) : (_present, absent);
        sums.Sum = FixedPoint.OfReal(_sum * stretch);
        sums.Squares = FixedPoint.OfReal(_squares * stretch);
        sums.Withheld = CellSuppression.Withhold(_counts, least) ? 1 : 0;
        _counts.AsSpan(0, bins).CopyTo(sums.Cells);
    }

    private void NoteValue(float cell)
    {
        if (_firsts == 0 || cell == _first)
        {
            (_first, _firsts) = (cell, _firsts + 1);
        }
        else if (_seconds == 0 || cell == _second)
        {
            (_second, _seconds) = (cell, _seconds + 1);
        }
        else
        {
            _hasMore = true;
        }
    }
}

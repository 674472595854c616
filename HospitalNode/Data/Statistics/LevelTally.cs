using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data.Statistics;

/// <summary>Counts the levels of one feature, or the classes of the label, over a hospital's rows.</summary>
/// <param name="levels">Levels.</param>
internal sealed class LevelTally(int levels)
{
    // After the levels the undeclared ones, and the missing: with them all add up to the rows, whose number is known.
    private readonly long[] _counts = new long[levels + 2];

    /// <summary>Takes a level by its index.</summary>
    public void AddLevel(int level) => _counts[level]++;

    /// <summary>Takes the columns of a feature's levels.</summary>
    public void Add(ReadOnlySpan<float> cells)
    {
        var level = FittedPreprocessing.LevelOf(cells);
        _counts[level >= 0 ? level : cells[0] == CellMarks.Undeclared ? levels : levels + 1]++;
    }

    /// <summary>Writes what may leave the hospital.</summary>
    /// <param name="sums">Where to.</param>
    /// <param name="least">Least count that may leave.</param>
    public void Write(FeatureSums sums, int least)
    {
        sums.Withheld = CellSuppression.Withhold(_counts, least) ? 1 : 0;
        _counts.AsSpan(0, levels).CopyTo(sums.Cells);
        (sums.Undeclared, sums.Missing) = (_counts[levels], _counts[levels + 1]);
    }
}

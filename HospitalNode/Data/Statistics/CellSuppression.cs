namespace FederatedOrleans.Data.Statistics;

/// <summary>Which counts are too small to leave a hospital.</summary>
internal static class CellSuppression
{
    /// <summary>
    /// Sets counts from 1 up to below the least to 0, and where the total, which is known, would tell what they were, the next smallest as well, until
    /// what is missing from the total is at least the least itself.
    /// </summary>
    /// <param name="cells">Counts that add up to a number which is known.</param>
    /// <param name="least">Least count that may leave.</param>
    /// <returns>Whether anything was withheld.</returns>
    public static bool Withhold(Span<long> cells, int least)
    {
        var withheld = 0L;
        foreach (ref var cell in cells)
        {
            if (cell < least)
            {
                withheld += cell;
                cell = 0;
            }
        }

        var isAny = withheld > 0;
        while (isAny && withheld < least && Smallest(cells) is var next and >= 0)
        {
            withheld += cells[next];
            cells[next] = 0;
        }

        return isAny;
    }

    private static int Smallest(ReadOnlySpan<long> cells)
    {
        var smallest = -1;
        for (var index = 0; index < cells.Length; index++)
        {
            if (cells[index] > 0 && (smallest < 0 || cells[index] < cells[smallest]))
            {
                smallest = index;
            }
        }

        return smallest;
    }
}

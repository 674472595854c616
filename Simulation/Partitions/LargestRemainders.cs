namespace FederatedOrleans.Simulation.Partitions;

/// <summary>Shares out whole rows by fractions, by the method of the largest remainders.</summary>
internal static class LargestRemainders
{
    /// <summary>Shares some rows out.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="shares">The share of each, 1 in sum.</param>
    /// <param name="carried">What rounding has kept from each so far, 0 in sum; brought up to date, so that over many small numbers of rows nobody has a row too few or too many.</param>
    /// <returns>Rows of each, <paramref name="rows"/> in sum.</returns>
    public static int[] Round(int rows, double[] shares, double[] carried)
    {
        var given = new int[shares.Length];
        for (var place = 0; place < shares.Length; place++)
        {
            carried[place] += rows * shares[place];
            given[place] = (int)Math.Clamp(Math.Floor(carried[place]), 0, rows);
            carried[place] -= given[place];
        }

        // Equal remainders go by their places: the order is the same wherever it is computed.
        var left = rows - given.Sum();
        foreach (var place in Enumerable.Range(0, shares.Length).OrderByDescending(place => carried[place]).Take(Math.Max(0, left)))
        {
            given[place]++;
            carried[place]--;
        }

        foreach (var place in Enumerable.Range(0, shares.Length).Where(place => given[place] > 0).OrderBy(place => carried[place]).Take(Math.Max(0, -left)))
        {
            given[place]--;
            carried[place]++;
        }

        return given;
    }
}

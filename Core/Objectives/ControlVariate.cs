namespace FederatedOrleans.Objectives;

/// <summary>SCAFFOLD's c at the centre: the mean of the hospitals' c_k, weighted by training rows, over all that ever gave an update.</summary>
/// <remarks>
/// The paper's mean is over all hospitals, with zero for those that were never part of a round. Which those are the centre can't know, nor
/// how many rows they hold, so that here a hospital counts from its first update on: c' = (N c + n D) / N', with N the rows of the hospitals behind c, n those
/// behind the aggregate D of the c_k' - c_k, and N' those of all hospitals after the round. With all taking part in every round both are alike.
/// Rows are counted by each hospital's latest number; where that changes in mid-run, c is the mean only about.
/// </remarks>
public static class ControlVariate
{
    /// <summary>Moves a part of c, in place.</summary>
    /// <param name="control">The part of c.</param>
    /// <param name="aggregate">The same part of D.</param>
    /// <param name="before">N, at least 0 and at most N'.</param>
    /// <param name="counted">n, at least 1.</param>
    /// <param name="after">N', at least 1.</param>
    public static void MovePart(Span<float> control, ReadOnlySpan<float> aggregate, long before, long counted, long after)
    {
        if (control.Length != aggregate.Length)
        {
            throw new ArgumentException($"The aggregate has {aggregate.Length:N0} values, the control variate {control.Length:N0}.", nameof(aggregate));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(before, after);
        ArgumentOutOfRangeException.ThrowIfLessThan(counted, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, 1);
        var (kept, added) = ((double)before / after, (double)counted / after);
        for (var i = 0; i < control.Length; i++)
        {
            control[i] = (float)((kept * control[i]) + (added * aggregate[i]));
        }
    }
}

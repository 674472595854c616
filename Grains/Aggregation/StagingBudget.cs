namespace FederatedOrleans.Aggregation;

/// <summary>Bytes of updates that one silo may hold at once, shared by its aggregators.</summary>
/// <param name="bytes">The budget.</param>
public sealed class StagingBudget(long bytes)
{
    private long _free = bytes;

    /// <summary>Bytes free.</summary>
    public long Free => Interlocked.Read(ref _free);

    /// <summary>Takes bytes from the budget, all or none.</summary>
    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _free, -count) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _free, count);
        return false;
    }

    /// <summary>Takes bytes whether they are there or not; until as many have come back, nobody else gets any.</summary>
    public void Take(long count) => Interlocked.Add(ref _free, -count);

    /// <summary>Gives bytes back.</summary>
    public void GiveBack(long count) => Interlocked.Add(ref _free, count);
}

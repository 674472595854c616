namespace FederatedOrleans.Storage;

/// <summary>Threads of the pool for work that waits for a disk.</summary>
/// <remarks>
/// State, blobs, outboxes and scratch are written and flushed by threads of the pool, which has one for each processor before it looks
/// whether more are wanted: on a small machine one flush would hold up everything else, the link too.
/// </remarks>
public static class DiskThreads
{
    /// <summary>Has the pool make so many threads without waiting first; a pool that makes more already stays as it is.</summary>
    /// <param name="atLeast">How many, at least 1.</param>
    public static void Provide(int atLeast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atLeast, 1);
        ThreadPool.GetMinThreads(out var workers, out var ports);
        if (workers < atLeast)
        {
            ThreadPool.SetMinThreads(atLeast, ports);
        }
    }
}

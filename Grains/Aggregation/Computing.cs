namespace FederatedOrleans.Aggregation;

/// <summary>Where a grain's computing is done: elsewhere, so that its scheduler stays free for others, unless going there takes longer than that.</summary>
internal static class Computing
{
    // Some microseconds; a way to another thread and back is ten times as long.
    private const int Short = 16 * 1024;

    /// <summary>Computes.</summary>
    /// <param name="values">How many values are computed with.</param>
    /// <param name="compute">Computation on what nobody else writes to.</param>
    /// <param name="cancellationToken">Stops it before it has begun.</param>
    public static Task RunAsync(long values, Action compute, CancellationToken cancellationToken = default)
    {
        if (values > Short)
        {
            return Task.Run(compute, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        compute();
        return Task.CompletedTask;
    }
}

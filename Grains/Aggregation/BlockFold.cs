namespace FederatedOrleans.Aggregation;

/// <summary>Folds updates that are kept in blocks, on as many threads as there are processors.</summary>
internal static class BlockFold
{
    /// <summary>Folds complete updates, each block of all in their order.</summary>
    /// <remarks>The sum of a value is made of the updates in their order, on whichever thread: the bits are the same.</remarks>
    /// <param name="updates">In the order in which they are summed, with the training rows behind each.</param>
    /// <param name="accumulator">What they are folded into.</param>
    /// <param name="length">Parameters of each.</param>
    /// <param name="cancellationToken">Stops before the next update.</param>
    public static async Task AddAsync(
        IReadOnlyCollection<(IStagedBlocks Blocks, long NumExamples)> updates,
        IUpdateAccumulator accumulator,
        int length,
        CancellationToken cancellationToken)
    {
        var count = (length + IBlockSink.BlockValues - 1) / IBlockSink.BlockValues;
        var threads = Math.Min(Environment.ProcessorCount, count);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(
            () =>
            {
                var (from, to) = ((int)((long)count * thread / threads), (int)((long)count * (thread + 1) / threads));
                foreach (var (blocks, numExamples) in updates)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    blocks.Read(from, to, (start, values) => accumulator.FoldPart(start, values, numExamples));
                }
            },
            cancellationToken)));
        foreach (var (_, numExamples) in updates)
        {
            accumulator.EndUpdate(numExamples);
        }
    }
}

namespace FederatedOrleans.Aggregation;

/// <summary>Folds updates that are kept in blocks, on as many threads as there are processors.</summary>
internal static class BlockFold
{
    /// <summary>How many updates each block of a sum of <paramref name="length"/> parameters has before any was folded.</summary>
    public static int[] NoneDone(int length) => new int[(length + IBlockSink.BlockValues - 1) / IBlockSink.BlockValues];

    /// <summary>Folds complete updates, each block of all in their order.</summary>
    /// <remarks>
    /// The sum of a value is made of the updates in their order, on whichever thread: the bits are the same. It can't be broken off; where it
    /// throws, <paramref name="done"/> tells how far it came, and it may be called again with both, also with more updates behind the same.
    /// </remarks>
    /// <param name="updates">In the order in which they are summed, with the training rows behind each.</param>
    /// <param name="accumulator">What they are folded into.</param>
    /// <param name="length">Parameters of each.</param>
    /// <param name="done">For each block, how many of these updates it has.</param>
    /// <param name="letsGo">Whether each block is let go as soon as it was added, while the processor has it at hand.</param>
    /// <exception cref="IOException">A scratch file can't be read.</exception>
    public static async Task AddAsync(
        IReadOnlyList<(IStagedBlocks Blocks, long NumExamples)> updates, IUpdateAccumulator accumulator, int length, int[] done, bool letsGo)
    {
        var threads = Math.Min(Environment.ProcessorCount, done.Length);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Computing.RunAsync((long)length * updates.Count, () =>
        {
            var (from, to) = ((int)((long)done.Length * thread / threads), (int)((long)done.Length * (thread + 1) / threads));
            for (var number = from; number < to; number++)
            {
                // The sum's block stays in the cache from the first update to the last.
                while (done[number] < updates.Count)
                {
                    var (blocks, numExamples) = updates[done[number]];
                    blocks.Read(number, number + 1, (start, values) => accumulator.FoldPart(start, values, numExamples));
                    done[number]++;
                    if (letsGo)
                    {
                        blocks.LetGo(number);
                    }
                }
            }
        })));
        foreach (var (_, numExamples) in updates)
        {
            accumulator.EndUpdate(numExamples);
        }
    }
}

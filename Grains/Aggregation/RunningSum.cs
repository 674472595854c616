using System.Collections.Immutable;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>The sum of an epoch's updates, which grows in their order as soon as it is settled which comes next.</summary>
/// <remarks>
/// What was added can't be taken out again. Where adding fails, each block knows how many of the updates it has, and the next call goes on
/// from there: with the same updates, which more may follow. Of what it has let go, where it does, nothing but this sum is left.
/// </remarks>
/// <param name="accumulator">An empty one.</param>
/// <param name="length">Its parameters.</param>
/// <param name="letsGo">Whether the values of what was added are let go.</param>
internal sealed class RunningSum(IUpdateAccumulator accumulator, int length, bool letsGo)
{
    private readonly int[] _done = BlockFold.NoneDone(length);
    private ImmutableArray<ParticipantUpdate> _begun = [];

    /// <summary>The sum.</summary>
    public IUpdateAccumulator Accumulator => accumulator;

    /// <summary>What has been added, in its order.</summary>
    public ImmutableArray<ParticipantUpdate> Updates { get; private set; } = [];

    /// <summary>Whether adding these next is the order that was begun.</summary>
    public bool GoesOnWith(ImmutableArray<ParticipantUpdate> next) => next.AsSpan().StartsWith(_begun.AsSpan());

    /// <summary>Whether adding up all of these, and nothing else, can begin with what this is.</summary>
    public bool Begins(ImmutableArray<ParticipantUpdate> all) =>
        all.AsSpan().StartsWith(Updates.AsSpan()) && GoesOnWith(all[Updates.Length..]);

    /// <summary>Adds the next updates.</summary>
    /// <param name="next">The updates in their order, as they are staged; it must <see cref="GoesOnWith">go on</see> with them.</param>
    public async Task AddAsync(IReadOnlyList<(ParticipantUpdate Update, StagedUpdate Staged)> next)
    {
        _begun = [.. next.Select(added => added.Update)];
        var updates = next.Select(added => ((IStagedBlocks)added.Staged.Blocks, added.Update.NumExamples)).ToArray();
        await BlockFold.AddAsync(updates, accumulator, length, _done, letsGo);
        Updates = [.. Updates, .. _begun];
        _begun = [];
        Array.Clear(_done);
        if (letsGo)
        {
            await Computing.RunAsync((long)length * next.Count, () =>
            {
                foreach (var (_, staged) in next)
                {
                    staged.LetGo();
                }
            });
        }
    }
}

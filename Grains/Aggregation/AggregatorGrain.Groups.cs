using System.Collections.Immutable;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>A cohort of several groups: the aggregator of group 0 leads, and is all that the coordinator knows.</summary>
/// <remarks>
/// The epoch goes by the leader's incarnation everywhere. The leader opens each of the others once, and remembers who answered: one that is
/// another activation later has lost what was staged, and the epoch with it.
/// </remarks>
internal sealed partial class AggregatorGrain
{
    private Guid[] _groups = [];

    // Without an accumulator where the shards have the sum.
    private (ISumAccumulator? Accumulator, ImmutableArray<ParticipantUpdate> Updates)? _sum;

    /// <summary>What this aggregator's key says.</summary>
    private (string Run, int Round, int Attempt, long Epoch, int Group) Place
    {
        get
        {
            var parts = GrainKeys.IdOf(this.GetPrimaryKeyString()).Split('/');
            return (parts[0], int.Parse(parts[1]), int.Parse(parts[2]), long.Parse(parts[3]), int.Parse(parts[4]));
        }
    }

    public async Task<FoldResult> FoldGroupsAsync(
        Guid incarnation, ImmutableArray<ImmutableArray<ParticipantUpdate>> frozen, CancellationToken cancellationToken = default)
    {
        ImmutableArray<ParticipantUpdate> all = [.. frozen.SelectMany(group => group)];
        if (Serves(incarnation) && _folded is not null && _folded.Updates.SequenceEqual(all))
        {
            return _folded;
        }

        if (!Serves(incarnation) || _open!.Lead != Guid.Empty || frozen.Length != _open.Groups || !Holds(frozen[0]))
        {
            return new FoldResult { Lost = true };
        }

        Steps.Reach(StepNames.FoldBegins, GrainKeys.IdOf(this.GetPrimaryKeyString()));

        // All groups add up at once; what they have is taken in their order.
        var sums = Enumerable.Range(1, frozen.Length - 1)
            .Select(group => Group(group).SumAsync(incarnation, frozen[group], cancellationToken)).ToArray();
        var accumulator = (ISumAccumulator?)await AddUpAsync(frozen[0], cancellationToken);
        var others = await Task.WhenAll(sums);
        if (accumulator is null)
        {
            return new FoldResult { Lost = true };
        }

        foreach (var (index, sum) in others.Index())
        {
            if (sum.Lost || !await TakeAsync(incarnation, Group(index + 1), sum, accumulator, cancellationToken))
            {
                return new FoldResult { Lost = true };
            }
        }

        return await StoreAsync(accumulator, all, cancellationToken);
    }

    public async Task<SumResult> SumAsync(
        Guid incarnation, ImmutableArray<ParticipantUpdate> frozen, CancellationToken cancellationToken = default)
    {
        if (!Serves(incarnation) || !Holds(frozen))
        {
            return new SumResult { Lost = true };
        }

        if (_sum is not { } known || !known.Updates.SequenceEqual(frozen))
        {
            _sum = null;
            ISumAccumulator? accumulator = null;
            if (_shards.IsEmpty)
            {
                accumulator = (ISumAccumulator?)await AddUpAsync(frozen, cancellationToken);
            }
            else if (!await SumShardsAsync(frozen, cancellationToken))
            {
                return new SumResult { Lost = true };
            }

            _sum = (accumulator, frozen);
        }

        return new SumResult { Count = frozen.Length, TotalExamples = frozen.Sum(update => update.NumExamples) };
    }

    public async Task<byte[]?> ReadSumAsync(Guid incarnation, int start, int count, CancellationToken cancellationToken = default) =>
        !Serves(incarnation) || _sum is not { } sum ? null
            : sum.Accumulator is { } accumulator ? accumulator.ReadPiece((int)_schema!.Length, start, count)
            : await ReadShardAsync(start, count, cancellationToken);

    /// <summary>Opens the other groups' aggregators, or finds them as they were opened. False where one has lost what it held.</summary>
    private async Task<bool> OpenGroupsAsync(OpenAggregator open, CancellationToken cancellationToken)
    {
        if (open.Groups <= 1 || open.Lead != Guid.Empty)
        {
            return true;
        }

        var known = _groups.Length > 0 ? _groups : new Guid[open.Groups];
        var answers = await Task.WhenAll(Enumerable.Range(1, open.Groups - 1).Select(group =>
            Group(group).OpenAsync(open with { Groups = 1, Lead = _incarnation, Known = known[group] }, cancellationToken)));
        for (var group = 1; group < open.Groups; group++)
        {
            var answer = answers[group - 1];
            if (answer == Guid.Empty || (known[group] != Guid.Empty && known[group] != answer))
            {
                return false;
            }

            known[group] = answer;
        }

        _groups = known;
        return true;
    }

    /// <summary>Adds another group's sum, piece by piece. False where it is gone.</summary>
    private async Task<bool> TakeAsync(
        Guid incarnation, IAggregatorGrain group, SumResult sum, ISumAccumulator accumulator, CancellationToken cancellationToken)
    {
        var length = (int)_schema!.Length;
        for (var start = 0; start < length; start += SumPieces.MostValues)
        {
            if (await group.ReadSumAsync(incarnation, start, Math.Min(SumPieces.MostValues, length - start), cancellationToken) is not { } part)
            {
                return false;
            }

            accumulator.AddPiece(start, part);
        }

        accumulator.EndSum(sum.Count, sum.TotalExamples);
        return true;
    }

    private IAggregatorGrain Group(int group)
    {
        var (run, round, attempt, epoch, _) = Place;
        return GrainFactory.Grain<IAggregatorGrain>(GrainKeys.Aggregator(run, round, attempt, epoch, group));
    }
}

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
    private bool _isSummed;

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
        var isAdded = await AddUpAsync(frozen[0], cancellationToken);
        var others = await Task.WhenAll(sums);
        return isAdded && !others.Any(sum => sum.Lost)
            ? await StoreAsync(new FoldedGroups(incarnation, frozen), cancellationToken)
            : new FoldResult { Lost = true };
    }

    public async Task<SumResult> SumAsync(
        Guid incarnation, ImmutableArray<ParticipantUpdate> frozen, CancellationToken cancellationToken = default)
    {
        _isSummed = Serves(incarnation) && Holds(frozen) && await AddUpAsync(frozen, cancellationToken);
        return _isSummed
            ? new SumResult { Count = frozen.Length, TotalExamples = frozen.Sum(update => update.NumExamples) }
            : new SumResult { Lost = true };
    }

    public async Task<byte[]?> ReadSumAsync(Guid incarnation, int start, int count, CancellationToken cancellationToken = default) =>
        Serves(incarnation) && _isSummed ? await ReadPieceAsync(start, count, cancellationToken) : null;

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

    private IAggregatorGrain Group(int group)
    {
        var (run, round, attempt, epoch, _) = Place;
        return GrainFactory.Grain<IAggregatorGrain>(GrainKeys.Aggregator(run, round, attempt, epoch, group));
    }
}

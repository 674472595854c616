using System.Collections.Immutable;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>Adding up.</summary>
/// <remarks>
/// An update whose place in the order is settled is added to the running sum while others still arrive: what is staged is mostly what is on
/// its way. An epoch whose frozen set did not begin with what was added would be lost; the coordinator settles nothing that can change.
/// </remarks>
internal sealed partial class AggregatorGrain
{
    private RunningSum? _sum;
    private Task _adding = Task.CompletedTask;
    private SumBlocks? _sumBlocks;
    private int _storing;
    private FoldResult? _folded;

    // A short update is folded in no time, and what shards keep is with them.
    private bool FoldsAhead => _shards.IsEmpty && _schema!.ByteLength >= IBlockSink.BlockBytes;

    public async Task<int> FoldAheadAsync(
        Guid incarnation, int from, ImmutableArray<ParticipantUpdate> settled, CancellationToken cancellationToken = default)
    {
        if (!Serves(incarnation) || !FoldsAhead)
        {
            return int.MaxValue;
        }

        if (from == (_sum?.Updates.Length ?? 0) && Holds(settled) && _sum?.GoesOnWith(settled) != false)
        {
            await AddAsync(settled);
        }

        return _sum?.Updates.Length ?? 0;
    }

    public Task PrepareFoldAsync(Guid incarnation, ImmutableArray<ParticipantUpdate> frozen) =>
        Serves(incarnation) && _shards.IsEmpty && !FoldsAhead ? FoldAsync(incarnation, frozen) : Task.CompletedTask;

    public async Task<FoldResult> FoldAsync(
        Guid incarnation, ImmutableArray<ParticipantUpdate> frozen, CancellationToken cancellationToken = default)
    {
        if (!Serves(incarnation))
        {
            return new FoldResult { Lost = true };
        }

        if (_folded is not null && _folded.Updates.SequenceEqual(frozen))
        {
            return _folded;
        }

        if (!Holds(frozen))
        {
            // The coordinator counts what this activation does not hold: it can't serve the epoch any more.
            return new FoldResult { Lost = true };
        }

        Steps.Reach(StepNames.FoldBegins, GrainKeys.IdOf(this.GetPrimaryKeyString()));
        var ordered = frozen.OrderBy(update => update.Hospital, StringComparer.Ordinal).ToImmutableArray();
        return await AddUpAsync(ordered, cancellationToken)
            ? await StoreAsync(new FoldedGroups(incarnation, [ordered]), cancellationToken)
            : new FoldResult { Lost = true };
    }

    private bool Holds(ImmutableArray<ParticipantUpdate> frozen) => frozen.All(update =>
        _staged.GetValueOrDefault(update.Hospital) is { IsComplete: true } held && held.As(update.Hospital) == update);

    /// <summary>Adds up what is staged of these updates, and has not been added yet. False where some of it is lost.</summary>
    private async Task<bool> AddUpAsync(ImmutableArray<ParticipantUpdate> ordered, CancellationToken cancellationToken)
    {
        if (!_shards.IsEmpty)
        {
            return await SumShardsAsync(ordered, cancellationToken);
        }

        if (!FoldsAhead)
        {
            // What a short one has added up may have been prepared for another set; nothing of that was let go.
            _sum = null;
        }
        else if (_sum is not null && !_sum.Begins(ordered))
        {
            return false;
        }

        await AddAsync(ordered[(_sum?.Updates.Length ?? 0)..]);
        return true;
    }

    private Task AddAsync(ImmutableArray<ParticipantUpdate> next)
    {
        _sum ??= new(Aggregators.For(_plan!, Place.Round).Begin(_schema!.Length, _sumBlocks?.Blocks), _schema.Length, letsGo: FoldsAhead);
        return _adding = _sum.AddAsync([.. next.Select(update => (update, _staged[update.Hospital]))]);
    }

    /// <summary>Takes the memory of the sum before there is one: what is staged meanwhile must leave room for it.</summary>
    private void PromiseSum()
    {
        if (FoldsAhead)
        {
            _sumBlocks ??= staging.OpenSum(_schema!.ByteLength);
        }
    }

    /// <summary>Waits until nobody adds any more, and lets go of the sum, which the task that added to it would keep.</summary>
    private async Task EndSumAsync()
    {
        await _adding.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        (_adding, _sum) = (Task.CompletedTask, null);
        if (_sumBlocks is { } blocks)
        {
            _sumBlocks = null;

            // A call ends before its activation does. Should one ever be reading the sum yet, it must not find another's in its place.
            await Computing.RunAsync(_schema!.Length, _storing == 0 ? blocks.Dispose : blocks.GiveUp);
        }
    }
}

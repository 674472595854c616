using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FederatedOrleans.Blobs;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Placement;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Aggregation;

/// <summary>Keeps and adds up one range of parameters. Like its aggregator it stores nothing that anybody can read.</summary>
[GrainType("fo.aggregator-shard"), SpreadPlacement]
internal sealed class AggregatorShardGrain(PlanCache plans, StagingArea staging) : Grain, IAggregatorShardGrain
{
    // Like its aggregator's: a database that is away for minutes ends no epoch.
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(30);

    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly Dictionary<Guid, ShardPlace> _places = [];

    // Dropped while they may be read.
    private readonly List<ShardPlace> _dropped = [];
    private bool _isSumming;
    private OpenShard? _open;
    private TrainingPlan? _plan;
    private (ISumAccumulator Accumulator, ImmutableArray<ShardTerm> Terms)? _sum;

    private int Round => int.Parse(GrainKeys.IdOf(this.GetPrimaryKeyString()).Split('/')[1]);

    public async Task<Guid> OpenAsync(OpenShard open, CancellationToken cancellationToken = default)
    {
        DelayDeactivation(Alive);
        if (_open is null && open.Known == Guid.Empty)
        {
            _plan = (await plans.ReadAsync(open.PlanDigest, cancellationToken)).InRound(Round);
            _open = open;
        }

        return _open == open with { Known = Guid.Empty } && (open.Known == Guid.Empty || open.Known == _incarnation) ? _incarnation : Guid.Empty;
    }

    public Task<StagingVerdict> BeginAsync(Guid incarnation, Guid place, CancellationToken cancellationToken = default) =>
        Task.FromResult(Begin(incarnation, place));

    public Task<StagingVerdict> KeepAsync(ShardBlock block, CancellationToken cancellationToken = default) => Task.FromResult(Keep(block));

    public Task DropAsync(Guid place, CancellationToken cancellationToken = default)
    {
        if (_places.Remove(place, out var dropped))
        {
            _dropped.Add(dropped);
        }

        Sweep();

        return Task.CompletedTask;
    }

    public async Task<bool> SumAsync(Guid incarnation, ImmutableArray<ShardTerm> terms, CancellationToken cancellationToken = default)
    {
        if (incarnation != _incarnation || !terms.All(term => _places.GetValueOrDefault(term.Place) is { IsWhole: true }))
        {
            return false;
        }

        if (_sum is not { } known || !known.Terms.SequenceEqual(terms))
        {
            var accumulator = (ISumAccumulator)Aggregators.For(_plan!, Round).Begin(_open!.Length);
            var updates = terms.Select(term => (_places[term.Place].Blocks, term.NumExamples)).ToArray();
            _sum = null;
            _isSumming = true;
            try
            {
                await BlockFold.AddAsync(updates, accumulator, _open.Length, BlockFold.NoneDone(_open.Length), letsGo: false);
                _sum = (accumulator, terms);
            }
            finally
            {
                _isSumming = false;
                Sweep();
            }
        }

        return true;
    }

    public Task<byte[]?> ReadSumAsync(Guid incarnation, int start, int count, CancellationToken cancellationToken = default) =>
        Task.FromResult(incarnation == _incarnation ? _sum?.Accumulator.ReadPiece(_open!.Length, start, count) : null);

    public Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _dropped.AddRange(_places.Values);
        _places.Clear();
        Sweep();
        _sum = null;

        // Whoever added up is then off the stack.
        await Task.Yield();
        LargeMemory.Release((long)(_open?.Length ?? 0) * sizeof(float));
    }

    private void Sweep()
    {
        if (!_isSumming)
        {
            _dropped.ForEach(place => place.Dispose());
            _dropped.Clear();
        }
    }

    private StagingVerdict Begin(Guid incarnation, Guid place)
    {
        if (_open is null || incarnation != _incarnation)
        {
            return StagingVerdict.Lost;
        }

        if (!_places.ContainsKey(place))
        {
            if (staging.TryOpen((long)_open.Length * sizeof(float)) is not { } blocks)
            {
                return StagingVerdict.Busy;
            }

            _places.Add(place, new ShardPlace(blocks, _open.Length));
        }

        return StagingVerdict.Partial;
    }

    private StagingVerdict Keep(ShardBlock block)
    {
        if (block.Incarnation != _incarnation || _places.GetValueOrDefault(block.Place) is not { } place)
        {
            return StagingVerdict.Lost;
        }

        try
        {
            return place.TryKeep(block.Number, MemoryMarshal.Cast<byte, float>(block.Values.Span)) ? StagingVerdict.Partial : StagingVerdict.Lost;
        }
        catch (IOException)
        {
            return StagingVerdict.Busy;
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FederatedOrleans.Blobs;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Models;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>Adding up, and the new model.</summary>
/// <remarks>
/// An update whose place in the order is settled is added to the running sum while others still arrive: what is staged is mostly what is on
/// its way. An epoch whose frozen set did not begin with what was added would be lost; the coordinator settles nothing that can change.
/// </remarks>
internal sealed partial class AggregatorGrain
{
    private RunningSum? _sum;
    private Task _adding = Task.CompletedTask;
    private bool _isSumPromised;
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
            ? await StoreAsync(incarnation, [ordered], [], cancellationToken)
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

        if (_sum is not null && !_sum.Begins(ordered))
        {
            return false;
        }

        await AddAsync(ordered[(_sum?.Updates.Length ?? 0)..]);
        return true;
    }

    private Task AddAsync(ImmutableArray<ParticipantUpdate> next)
    {
        _sum ??= new(Aggregators.For(_plan!.Aggregator).Begin((int)_schema!.Length), (int)_schema.Length);
        return _adding = _sum.AddAsync([.. next.Select(update => (update, _staged[update.Hospital]))]);
    }

    /// <summary>Makes the new model of the sums, part by part, and stores it.</summary>
    /// <param name="incarnation">By which the epoch goes.</param>
    /// <param name="updates">What was added up, by groups; this aggregator's first.</param>
    /// <param name="others">What the other groups added up.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<FoldResult> StoreAsync(
        Guid incarnation,
        ImmutableArray<ImmutableArray<ParticipantUpdate>> updates,
        SumResult[] others,
        CancellationToken cancellationToken)
    {
        var optimizer = ServerOptimizers.For(_plan!.ServerOptimizer);
        await using var model = await ModelParts.OpenAsync(blobs, _open!.BaseModel, (int)_schema!.Length, cancellationToken);
        var part = new float[Math.Min(IBlockSink.BlockValues, (int)_schema.Length)];
        var isLost = false;
        try
        {
            var digest = await blobs.PutAsync(_schema.ByteLength, MakeAsync, cancellationToken);
            Steps.Reach(StepNames.ModelWritten, GrainKeys.IdOf(this.GetPrimaryKeyString()));
            return _folded = new FoldResult { Updates = [.. updates.SelectMany(group => group)], NewModel = digest };
        }
        catch (OperationCanceledException) when (isLost)
        {
            return new FoldResult { Lost = true };
        }

        async ValueTask MakeAsync(long at, Memory<byte> piece, CancellationToken stop)
        {
            var (start, count) = ((int)(at / sizeof(float)), piece.Length / sizeof(float));
            await model.ReadAsync(part.AsMemory(0, count), stop);
            if (others.Length == 0 && _shards.IsEmpty)
            {
                await StepAsync(_sum!.Accumulator, start);
            }
            else if (await CombineAsync(incarnation, updates[0], others, start, count, stop) is { } combined)
            {
                await StepAsync(combined, 0);
            }
            else
            {
                isLost = true;
                throw new OperationCanceledException();
            }

            // Pure computation on what nobody writes to any more; the grain's scheduler stays free for others meanwhile.
            Task StepAsync(IUpdateAccumulator sums, int from) => Task.Run(
                () =>
                {
                    var values = MemoryMarshal.Cast<byte, float>(piece.Span);
                    sums.ReadAggregate(from, values);
                    optimizer.StepPart(part.AsSpan(0, count), values);
                    ParameterVector.ToMachineOrder(values);
                },
                stop);
        }
    }

    /// <summary>The sum of a range of parameters over all groups, in their order. Null where some of it is lost.</summary>
    private async Task<ISumAccumulator?> CombineAsync(
        Guid incarnation, ImmutableArray<ParticipantUpdate> own, SumResult[] others, int start, int count, CancellationToken cancellationToken)
    {
        var combined = (ISumAccumulator)Aggregators.For(_plan!.Aggregator).Begin(count);
        if (await ReadPieceAsync(start, count, cancellationToken) is not { } first)
        {
            return null;
        }

        combined.AddPiece(0, first);
        combined.EndSum(own.Length, own.Sum(update => update.NumExamples));
        foreach (var (index, other) in others.Index())
        {
            if (await Group(index + 1).ReadSumAsync(incarnation, start, count, cancellationToken) is not { } piece)
            {
                return null;
            }

            combined.AddPiece(0, piece);
            combined.EndSum(other.Count, other.TotalExamples);
        }

        return combined;
    }

    private Task<byte[]?> ReadPieceAsync(int start, int count, CancellationToken cancellationToken) => _shards.IsEmpty
        ? Task.FromResult(((ISumAccumulator?)_sum?.Accumulator)?.ReadPiece((int)_schema!.Length, start, count))
        : ReadShardAsync(start, count, cancellationToken);

    /// <summary>Takes the memory of the sum before there is one: what is staged meanwhile must leave room for it.</summary>
    private void PromiseSum()
    {
        if (FoldsAhead && !_isSumPromised)
        {
            _isSumPromised = true;
            staging.TakeMemory(_schema!.ByteLength);
        }
    }

    /// <summary>Waits until nobody adds any more, and lets go of the sum, which the task that added to it would keep.</summary>
    private async Task EndSumAsync()
    {
        await _adding.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        (_adding, _sum) = (Task.CompletedTask, null);
        if (_isSumPromised)
        {
            _isSumPromised = false;
            staging.GiveMemoryBack(_schema!.ByteLength);
        }
    }
}

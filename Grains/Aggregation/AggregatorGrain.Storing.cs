using CommunityToolkit.HighPerformance;
using FederatedOrleans.Blobs;
using FederatedOrleans.Diagnostics;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Optimizers;

namespace FederatedOrleans.Aggregation;

/// <summary>What a round commits, made of the sums part by part: what the centre keeps beside the model, and the model.</summary>
internal sealed partial class AggregatorGrain
{
    private async Task<FoldResult> StoreAsync(FoldedGroups folded, CancellationToken cancellationToken)
    {
        var optimizer = ServerOptimizers.For(_plan!.ServerOptimizer);
        _storing++;
        try
        {
            var state = new ServerState();
            if (optimizer.Moments > 0)
            {
                state = state with { Moments = await StoreMomentsAsync(optimizer, folded, cancellationToken) };
            }

            if (_schema!.Length > _modelLength)
            {
                state = await StoreControlAsync(state, folded, cancellationToken);
            }

            var model = await StoreModelAsync(optimizer, state.Moments, folded, cancellationToken);
            Steps.Reach(StepNames.ModelWritten, GrainKeys.IdOf(this.GetPrimaryKeyString()));
            return _folded = new FoldResult
            {
                Updates = [.. folded.Updates.SelectMany(group => group)],
                NewModel = model,
                NewState = state == new ServerState() ? null : state,
            };
        }
        catch (SumLostException)
        {
            return new FoldResult { Lost = true };
        }
        finally
        {
            _storing--;
        }
    }

    /// <summary>Moves the control variate by the half of the updates that is for it.</summary>
    private async Task<ServerState> StoreControlAsync(ServerState state, FoldedGroups folded, CancellationToken cancellationToken)
    {
        var lists = new JsonBlobs<SortedDictionary<string, long>>(blobs, kept: 1);
        var contributors = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (_open!.BaseState is { Contributors: { IsNone: false } stored })
        {
            foreach (var (hospital, rows) in await lists.ReadAsync(stored, cancellationToken))
            {
                contributors.Add(hospital, rows);
            }
        }

        string[] known = [.. contributors.Keys];
        var counted = 0L;
        foreach (var update in folded.Updates.SelectMany(group => group))
        {
            contributors[update.Hospital] = update.NumExamples;
            counted += update.NumExamples;
        }

        // Both by the latest numbers: what is kept of the control variate is never more than all of it, however a hospital's rows change.
        var (before, after) = (known.Sum(hospital => contributors[hospital]), contributors.Values.Sum());
        await using var control = _open.BaseState is { Control: { IsNone: false } last }
            ? await ModelParts.OpenAsync(blobs, last, _modelLength, cancellationToken)
            : null;
        var aggregate = new float[Math.Min(IBlockSink.BlockValues, _modelLength)];
        var digest = await blobs.PutAsync((long)_modelLength * sizeof(float), MakeAsync, cancellationToken);
        return state with { Control = digest, Contributors = await lists.PutAsync(contributors, cancellationToken) };

        async ValueTask MakeAsync(long at, Memory<byte> piece, CancellationToken stop)
        {
            var values = piece.Cast<byte, float>();
            await ReadOrClearAsync(control, values, stop);
            var read = aggregate.AsMemory(0, values.Length);
            await ReadAggregateAsync(folded, _modelLength + (int)(at / sizeof(float)), read, stop);
            await Task.Run(
                () =>
                {
                    ControlVariate.MovePart(values.Span, read.Span, before, counted, after);
                    ParameterVector.ToMachineOrder(values.Span);
                },
                stop);
        }
    }

    private static async ValueTask ReadOrClearAsync(ModelParts? before, Memory<float> values, CancellationToken cancellationToken)
    {
        if (before is null)
        {
            values.Span.Clear();
        }
        else
        {
            await before.ReadAsync(values, cancellationToken);
        }
    }

    private async Task<ContentDigest> StoreMomentsAsync(IServerOptimizer optimizer, FoldedGroups folded, CancellationToken cancellationToken)
    {
        var length = _modelLength;
        var all = checked(optimizer.Moments * length);
        await using var before = _open!.BaseState is { Moments: { IsNone: false } known }
            ? await ModelParts.OpenAsync(blobs, known, all, cancellationToken)
            : null;
        var aggregate = new float[Math.Min(IBlockSink.BlockValues, length)];
        return await blobs.PutAsync((long)all * sizeof(float), MakeAsync, cancellationToken);

        async ValueTask MakeAsync(long at, Memory<byte> piece, CancellationToken stop)
        {
            var values = piece.Cast<byte, float>();
            await ReadOrClearAsync(before, values, stop);
            for (var (done, first) = (0, (int)(at / sizeof(float))); done < values.Length;)
            {
                // A piece may hold the end of one moment and the beginning of the next.
                var (moment, start) = Math.DivRem(first + done, length);
                var part = values.Slice(done, Math.Min(values.Length - done, length - start));
                var read = aggregate.AsMemory(0, part.Length);
                await ReadAggregateAsync(folded, start, read, stop);
                await Task.Run(() => optimizer.MovePart(moment, read.Span, part.Span), stop);
                done += part.Length;
            }

            ParameterVector.ToMachineOrder(values.Span);
        }
    }

    private async Task<ContentDigest> StoreModelAsync(
        IServerOptimizer optimizer, ContentDigest moments, FoldedGroups folded, CancellationToken cancellationToken)
    {
        var length = _modelLength;
        var most = Math.Min(IBlockSink.BlockValues, length);
        await using var model = await ModelParts.OpenAsync(blobs, _open!.BaseModel, length, cancellationToken);
        await using var moved = await MomentParts.OpenAsync(blobs, moments, optimizer.Moments, length, cancellationToken);
        var (part, momentParts) = (new float[most], new float[optimizer.Moments * most]);
        return await blobs.PutAsync((long)length * sizeof(float), MakeAsync, cancellationToken);

        async ValueTask MakeAsync(long at, Memory<byte> piece, CancellationToken stop)
        {
            var values = piece.Cast<byte, float>();
            var before = part.AsMemory(0, values.Length);
            var follows = momentParts.AsMemory(0, optimizer.Moments * values.Length);
            await model.ReadAsync(before, stop);
            await moved.ReadAsync(follows, stop);
            await ReadAggregateAsync(folded, (int)(at / sizeof(float)), values, stop);

            await Computing.RunAsync(
                values.Length,
                () =>
                {
                    optimizer.StepPart(before.Span, values.Span, follows.Span);
                    ParameterVector.ToMachineOrder(values.Span);
                },
                stop);
        }
    }

    /// <summary>Reads a part of the aggregate of all groups.</summary>
    /// <exception cref="SumLostException">Some of it is lost.</exception>
    private async ValueTask ReadAggregateAsync(FoldedGroups folded, int start, Memory<float> values, CancellationToken cancellationToken)
    {
        if (folded.Updates.Length == 1 && _shards.IsEmpty)
        {
            await Computing.RunAsync(values.Length, () => _sum!.Accumulator.ReadAggregate(start, values.Span), cancellationToken);
            return;
        }

        while (!values.IsEmpty)
        {
            // To the end of a block at most, which lies in one shard.
            var part = values[..Math.Min(values.Length, IBlockSink.BlockValues - (start % IBlockSink.BlockValues))];
            var combined = await CombineAsync(folded, start, part.Length, cancellationToken) ?? throw new SumLostException();
            await Task.Run(() => combined.ReadAggregate(0, part.Span), cancellationToken);
            (start, values) = (start + part.Length, values[part.Length..]);
        }
    }

    /// <summary>The sum of a range of parameters over all groups, in their order. Null where some of it is lost.</summary>
    private async Task<ISumAccumulator?> CombineAsync(FoldedGroups folded, int start, int count, CancellationToken cancellationToken)
    {
        var combined = (ISumAccumulator)Aggregators.For(_plan!, Place.Round).Begin(count);
        if (await ReadPieceAsync(start, count, cancellationToken) is not { } first)
        {
            return null;
        }

        combined.AddPiece(0, first);
        combined.EndSum(folded.Examples[0]);
        for (var group = 1; group < folded.Updates.Length; group++)
        {
            if (await Group(group).ReadSumAsync(folded.Incarnation, start, count, cancellationToken) is not { } piece)
            {
                return null;
            }

            combined.AddPiece(0, piece);
            combined.EndSum(folded.Examples[group]);
        }

        return combined;
    }

    private Task<byte[]?> ReadPieceAsync(int start, int count, CancellationToken cancellationToken) => _shards.IsEmpty
        ? Task.FromResult(((ISumAccumulator?)_sum?.Accumulator)?.ReadPiece(_schema!.Length, start, count))
        : ReadShardAsync(start, count, cancellationToken);
}

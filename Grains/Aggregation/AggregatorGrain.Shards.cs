using System.Collections.Immutable;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>A model longer than a shard: this aggregator checks and counts the updates, and its shards keep and add up their ranges of them.</summary>
/// <remarks>
/// How long a shard is makes no difference to the model's bits: every parameter is the same sum of the same terms. The aggregator
/// remembers the activations that it has opened; one that is another later has lost what it kept, and the epoch with it.
/// </remarks>
internal sealed partial class AggregatorGrain
{
    private ImmutableArray<AggregatorShard> _shards = [];

    private int BlocksOfShard => (int)Math.Min(
        int.MaxValue / IBlockSink.BlockValues, (options.Value.ShardBytes + IBlockSink.BlockBytes - 1) / IBlockSink.BlockBytes);

    /// <summary>Opens the shards, or finds them as they were opened. False where one has lost what it held.</summary>
    private async Task<bool> OpenShardsAsync(OpenAggregator open, CancellationToken cancellationToken)
    {
        var shards = _shards.IsEmpty ? CutIntoShards() : _shards;
        var answers = await Task.WhenAll(shards.Select(shard => shard.Grain.OpenAsync(
            new OpenShard { PlanDigest = open.PlanDigest, Length = shard.Length, Known = shard.Incarnation }, cancellationToken)));
        if (answers.Contains(Guid.Empty))
        {
            return false;
        }

        _shards = [.. shards.Zip(answers, (shard, incarnation) => shard with { Incarnation = incarnation })];
        return true;
    }

    /// <summary>Has every shard add these updates up. False where one of them has lost what it held.</summary>
    private async Task<bool> SumShardsAsync(ImmutableArray<ParticipantUpdate> ordered, CancellationToken cancellationToken)
    {
        ImmutableArray<ShardTerm> terms =
            [.. ordered.Select(update => new ShardTerm(((ShardedBlocks)_staged[update.Hospital].Blocks).Place, update.NumExamples))];
        var answers = await Task.WhenAll(_shards.Select(shard => shard.Grain.SumAsync(shard.Incarnation, terms, cancellationToken)));
        return answers.All(answer => answer);
    }

    private async Task<byte[]?> ReadShardAsync(int start, int count, CancellationToken cancellationToken)
    {
        if (start < 0)
        {
            return null;
        }

        var shard = _shards.Last(shard => shard.Start <= start);
        return await shard.Grain.ReadSumAsync(shard.Incarnation, start - shard.Start, count, cancellationToken);
    }

    /// <summary>The shards that this aggregator's model has; none where it is no longer than one.</summary>
    private ImmutableArray<AggregatorShard> CutIntoShards()
    {
        var (run, round, attempt, epoch, group) = Place;
        var (all, length) = ((int)_schema!.Length, BlocksOfShard * IBlockSink.BlockValues);
        return length == 0 || all <= length
            ? []
            :
            [
                .. Enumerable.Range(0, ((all - 1) / length) + 1).Select(number => new AggregatorShard(
                    GrainFactory.Grain<IAggregatorShardGrain>(GrainKeys.AggregatorShard(run, round, attempt, epoch, group, number)),
                    Guid.Empty,
                    number * length,
                    Math.Min(length, all - (number * length)))),
            ];
    }
}

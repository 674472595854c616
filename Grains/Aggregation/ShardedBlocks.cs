using System.Buffers;
using System.Collections.Immutable;
using CommunityToolkit.HighPerformance;
using Orleans.Runtime;

namespace FederatedOrleans.Aggregation;

/// <summary>An update whose blocks are kept by shards: it has a place in each of them.</summary>
/// <param name="shards">The shards in their order, each but the last of <paramref name="blocksOfShard"/> blocks.</param>
/// <param name="blocksOfShard">Blocks of a shard.</param>
internal sealed class ShardedBlocks(ImmutableArray<AggregatorShard> shards, int blocksOfShard) : IBlockSink
{
    private const int Attempts = 3;

    private readonly Queue<(float[] Block, int Values)> _waiting = [];
    private int _sent;
    private bool _isOpen;

    /// <summary>Its place in every shard.</summary>
    public Guid Place { get; } = Guid.NewGuid();

    public bool IsHere => false;

    public float[]? Keep(float[] block, int values)
    {
        _waiting.Enqueue((block, values));
        return null;
    }

    public async ValueTask<StagingVerdict> FlushAsync()
    {
        try
        {
            var verdict = await OpenAsync();
            while (verdict == StagingVerdict.Partial && _waiting.TryDequeue(out var next))
            {
                verdict = await SendAsync(next.Block, next.Values);
            }

            return verdict;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // Whether the shard is lost shows when it is opened again. A block may still be on its way: its array is nobody's any more.
            return StagingVerdict.Busy;
        }
    }

    public void Dispose()
    {
        while (_waiting.TryDequeue(out var left))
        {
            ArrayPool<float>.Shared.Return(left.Block, clearArray: true);
        }

        foreach (var shard in shards)
        {
            shard.Grain.DropAsync(Place).Ignore();
        }
    }

    private async Task<StagingVerdict> OpenAsync()
    {
        if (_isOpen)
        {
            return StagingVerdict.Partial;
        }

        var answers = await Task.WhenAll(shards.Select(shard => shard.Grain.BeginAsync(shard.Incarnation, Place)));
        _isOpen = answers.All(answer => answer == StagingVerdict.Partial);
        return answers.Contains(StagingVerdict.Lost) ? StagingVerdict.Lost : _isOpen ? StagingVerdict.Partial : StagingVerdict.Busy;
    }

    private async Task<StagingVerdict> SendAsync(float[] block, int values)
    {
        var (shard, number) = Math.DivRem(_sent++, blocksOfShard);
        var message = new ShardBlock
        {
            Incarnation = shards[shard].Incarnation, Place = Place, Number = number, Values = block.AsMemory(0, values).AsBytes(),
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var verdict = await shards[shard].Grain.KeepAsync(message);
                if (attempt == 1)
                {
                    // An earlier attempt that was given up may still be on its way with this array.
                    ArrayPool<float>.Shared.Return(block, clearArray: true);
                }

                return verdict;
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
                // Kept already, it is passed over. It would be a pity for all that has come before it.
            }
        }
    }
}

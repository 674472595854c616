using System.Collections.Immutable;
using Orleans.Concurrency;

namespace FederatedOrleans.Aggregation;

/// <summary>
/// Keeps one range of parameters of all updates that an aggregator stages, in memory only, and adds it up. Key:
/// <see cref="GrainKeys.AggregatorShard"/>.
/// </summary>
/// <remarks>
/// The aggregator has checked what comes here, and knows whose it is: a shard knows no hospital, only places. An update is in the sum of all
/// shards or of none, because only the aggregator says what is added up, once it has the whole of it.
/// </remarks>
[GrainInterfaceType("fo.aggregator-shard")]
public interface IAggregatorShardGrain : IGrainWithStringKey
{
    /// <summary>Opens the shard; the answer is the incarnation of this activation, or empty where another was known.</summary>
    [Alias("open")]
    Task<Guid> OpenAsync(OpenShard open, CancellationToken cancellationToken = default);

    /// <summary>Finds room for this range of one update: Partial, Busy or Lost.</summary>
    [Alias("begin"), AlwaysInterleave]
    Task<StagingVerdict> BeginAsync(Guid incarnation, Guid place, CancellationToken cancellationToken = default);

    /// <summary>Keeps the next block of a place: Partial, Busy where the disk is full, or Lost.</summary>
    [Alias("keep"), AlwaysInterleave]
    Task<StagingVerdict> KeepAsync(ShardBlock block, CancellationToken cancellationToken = default);

    /// <summary>Lets go of a place.</summary>
    [Alias("drop"), AlwaysInterleave]
    Task DropAsync(Guid place, CancellationToken cancellationToken = default);

    /// <summary>Adds these places up in their order, and keeps the sum to be read. False where this activation does not hold them whole.</summary>
    [Alias("sum")]
    Task<bool> SumAsync(Guid incarnation, ImmutableArray<ShardTerm> terms, CancellationToken cancellationToken = default);

    /// <summary>
    /// Values of the sum, counted from the range's first, as little-endian float32: at most 262,144 of them. Null where this activation has
    /// no sum.
    /// </summary>
    [Alias("read-sum")]
    Task<byte[]?> ReadSumAsync(Guid incarnation, int start, int count, CancellationToken cancellationToken = default);

    /// <summary>Lets go of everything.</summary>
    [Alias("discard")]
    Task DiscardAsync(CancellationToken cancellationToken = default);
}

using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Updates;
using Orleans.Concurrency;

namespace FederatedOrleans.Aggregation;

/// <summary>Stages, checks and folds the updates of one epoch, in memory only. Key: <see cref="GrainKeys.Aggregator"/>.</summary>
[GrainInterfaceType("fo.aggregator")]
public interface IAggregatorGrain : IGrainWithStringKey
{
    /// <summary>Opens the epoch; the answer is the incarnation of this activation.</summary>
    [Alias("open")]
    Task<Guid> OpenAsync(OpenAggregator open, CancellationToken cancellationToken = default);

    /// <summary>How many bytes are held of a hospital's update.</summary>
    [Alias("held"), AlwaysInterleave]
    Task<StageResult> HeldAsync(Guid incarnation, string hospital, ContentDigest digest, CancellationToken cancellationToken = default);

    /// <summary>Whether an update of so many bytes can be one of this model, encoded as the plan says: Partial, WrongLength or Lost.</summary>
    [Alias("check-length"), AlwaysInterleave]
    Task<StageResult> CheckLengthAsync(Guid incarnation, string hospital, long length, CancellationToken cancellationToken = default);

    /// <summary>Takes a chunk; those of several hospitals at once.</summary>
    [Alias("stage"), AlwaysInterleave]
    Task<StageResult> StageAsync(StageChunk chunk, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds up what the frozen set of this group is certain to begin with, while other updates still arrive: only what can't be taken back.
    /// </summary>
    /// <param name="incarnation">By which the epoch goes.</param>
    /// <param name="from">How many were told before.</param>
    /// <param name="settled">Those that follow them, in ordinal order of hospitals.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many are added up; <see cref="int.MaxValue"/> where this aggregator adds nothing up before the round closes.</returns>
    [Alias("fold-ahead")]
    Task<int> FoldAheadAsync(
        Guid incarnation, int from, ImmutableArray<ParticipantUpdate> settled, CancellationToken cancellationToken = default);

    /// <summary>
    /// Does what <see cref="FoldAsync"/> of the same set will ask for, where updates are short: it takes nothing back that another set would
    /// want. A hint: without it that is done then.
    /// </summary>
    [Alias("prepare-fold"), OneWay]
    Task PrepareFoldAsync(Guid incarnation, ImmutableArray<ParticipantUpdate> frozen);

    /// <summary>Makes and stores the new model from exactly this set, in ordinal order of hospitals.</summary>
    [Alias("fold")]
    Task<FoldResult> FoldAsync(Guid incarnation, ImmutableArray<ParticipantUpdate> frozen, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes and stores the new model from exactly these sets, one a group in the groups' order, each in ordinal order of hospitals: the
    /// groups' own aggregators add up, and this one, of group 0, combines.
    /// </summary>
    [Alias("fold-groups")]
    Task<FoldResult> FoldGroupsAsync(
        Guid incarnation, ImmutableArray<ImmutableArray<ParticipantUpdate>> frozen, CancellationToken cancellationToken = default);

    /// <summary>Adds exactly this set up, in ordinal order of hospitals, and keeps the sum to be read.</summary>
    [Alias("sum")]
    Task<SumResult> SumAsync(Guid incarnation, ImmutableArray<ParticipantUpdate> frozen, CancellationToken cancellationToken = default);

    /// <summary>Values of the sum from an index on, as little-endian float32: at most 262,144 of them. Null where this activation has no sum.</summary>
    [Alias("read-sum")]
    Task<byte[]?> ReadSumAsync(Guid incarnation, int start, int count, CancellationToken cancellationToken = default);

    /// <summary>Lets go of everything, also of what shards keep for an activation before this one.</summary>
    [Alias("discard")]
    Task DiscardAsync(ContentDigest planDigest, CancellationToken cancellationToken = default);
}

using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>Stages, checks and folds the updates of one epoch, in memory only. Key: <see cref="GrainKeys.Aggregator"/>.</summary>
[GrainInterfaceType("fo.aggregator")]
public interface IAggregatorGrain : IGrainWithStringKey
{
    /// <summary>Opens the epoch; the answer is the incarnation of this activation.</summary>
    [Alias("open")]
    Task<Guid> OpenAsync(OpenAggregator open, CancellationToken cancellationToken = default);

    /// <summary>How many bytes are held of a hospital's update.</summary>
    [Alias("held")]
    Task<StageResult> HeldAsync(Guid incarnation, string hospital, ContentDigest digest, CancellationToken cancellationToken = default);

    /// <summary>Whether an update of so many bytes can be one of this model, encoded as the plan says: Partial, WrongLength or Lost.</summary>
    [Alias("check-length")]
    Task<StageResult> CheckLengthAsync(Guid incarnation, string hospital, long length, CancellationToken cancellationToken = default);

    /// <summary>Takes a chunk.</summary>
    [Alias("stage")]
    Task<StageResult> StageAsync(StageChunk chunk, CancellationToken cancellationToken = default);

    /// <summary>Makes and stores the new model from exactly this set, in ordinal order of hospitals.</summary>
    [Alias("fold")]
    Task<FoldResult> FoldAsync(Guid incarnation, ImmutableArray<ParticipantUpdate> frozen, CancellationToken cancellationToken = default);

    /// <summary>Lets go of everything.</summary>
    [Alias("discard")]
    Task DiscardAsync(CancellationToken cancellationToken = default);
}

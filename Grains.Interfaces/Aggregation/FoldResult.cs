using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>A new model made from a set of updates, or that the activation is lost.</summary>
[GenerateSerializer, Immutable, Alias("fo.FoldResult")]
public sealed record FoldResult
{
    /// <summary>True where this activation does not hold the epoch.</summary>
    [Id(0)] public bool Lost { get; init; }

    /// <summary>True where it is still at work: ask again.</summary>
    [Id(1)] public bool Pending { get; init; }

    /// <summary>What the model holds, in ordinal order of hospitals.</summary>
    [Id(2)] public ImmutableArray<ParticipantUpdate> Updates { get; init; } = [];

    /// <summary>The new model, whose blob is stored.</summary>
    [Id(3)] public ContentDigest NewModel { get; init; }

    /// <summary>What the centre keeps beside it, whose blobs are stored; absent where it keeps nothing.</summary>
    [Id(4)] public ServerState? NewState { get; init; }
}

using System.Collections.Immutable;
using FederatedOrleans.Updates;

namespace FederatedOrleans.Aggregation;

/// <summary>What has been added up of an epoch, and is about to become a model.</summary>
/// <param name="Incarnation">By which the epoch goes.</param>
/// <param name="Updates">What was added up, by groups in their order; the leading aggregator's first.</param>
internal sealed record FoldedGroups(Guid Incarnation, ImmutableArray<ImmutableArray<ParticipantUpdate>> Updates)
{
    /// <summary>Training rows behind each update of each group.</summary>
    public ImmutableArray<long[]> Examples { get; } = [.. Updates.Select(group => group.Select(update => update.NumExamples).ToArray())];
}

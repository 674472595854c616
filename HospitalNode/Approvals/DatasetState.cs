using System.Collections.Immutable;

namespace FederatedOrleans.Site.Approvals;

/// <summary>What the site stores of a dataset across all runs.</summary>
[GenerateSerializer, Immutable, Alias("fo.site.DatasetState")]
internal sealed record DatasetState
{
    /// <summary>Use by plan.</summary>
    [Id(0)] public ImmutableArray<DatasetUse> Uses { get; init; } = [];
}

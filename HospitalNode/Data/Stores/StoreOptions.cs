using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Which store holds a dataset, and how it is reached. One type a store.</summary>
internal abstract record StoreOptions
{
    /// <summary>Full paths of the files that hold the data; empty where it is not in files.</summary>
    public ImmutableArray<string> Files { get; init; } = [];
}

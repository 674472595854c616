using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Row numbers that train, that test and that validate, each in the order of its list.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="Test">Test rows.</param>
internal sealed record RowSplit(ImmutableArray<int> Train, ImmutableArray<int> Test)
{
    /// <summary>Rows by which a run is steered, as when to stop, so that its test says something still; there may be none.</summary>
    public ImmutableArray<int> Validation { get; init; } = [];
}

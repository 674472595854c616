using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Row numbers that train and that test, each in the order of its list.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="Test">Test rows.</param>
internal sealed record RowSplit(ImmutableArray<int> Train, ImmutableArray<int> Test);

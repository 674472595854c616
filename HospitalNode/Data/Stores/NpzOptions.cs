using System.Collections.Immutable;

namespace FederatedOrleans.Data;

/// <summary>Images and their labels as arrays of one NumPy archive.</summary>
internal sealed record NpzOptions : StoreOptions
{
    /// <summary>Name of the only column: the label.</summary>
    public const string LabelColumn = "label";

    /// <summary>Pairs of arrays that follow one another as one table.</summary>
    public required ImmutableArray<NpzArrays> Arrays { get; init; }
}

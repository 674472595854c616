using System.Collections.Immutable;

namespace FederatedOrleans.Models;

/// <summary>One named tensor of a model: its shape and where it lies in the flat vector.</summary>
/// <param name="Name">Name, unique in the model.</param>
/// <param name="Shape">Extents, each at least 1, row-major.</param>
/// <param name="Offset">Index of its first element in the flat vector.</param>
public sealed record TensorSpec(string Name, ImmutableArray<int> Shape, int Offset)
{
    /// <summary>Number of elements.</summary>
    public int Length => Shape.Aggregate(1, (product, extent) => checked(product * extent));
}

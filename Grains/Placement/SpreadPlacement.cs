using Orleans.Runtime;

namespace FederatedOrleans.Placement;

/// <summary>Grains of one round on silos in turn: the updates that they keep need the memory of all.</summary>
/// <remarks>
/// The strategy of Orleans' own that looks at load prefers the silo that asks, and what is opened in one moment it puts on one silo.
/// </remarks>
[GenerateSerializer, Immutable, Alias("fo.SpreadPlacement")]
internal sealed class SpreadPlacement : PlacementStrategy;

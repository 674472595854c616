using Orleans.Placement;

namespace FederatedOrleans.Placement;

/// <summary>Has a grain placed by <see cref="SpreadPlacement"/>. Its key ends with the numbers of its group and its shard.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SpreadPlacementAttribute() : PlacementAttribute(new SpreadPlacement());

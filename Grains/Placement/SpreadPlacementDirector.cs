using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace FederatedOrleans.Placement;

/// <summary>Takes the silos in turn by the numbers in a grain's key, from one that the rest of the key decides.</summary>
internal sealed class SpreadPlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(
            IPlacementDirector.GetPlacementHint(target.RequestContextData, silos)
            ?? silos.Order().ElementAt(IndexOf(target.GrainIdentity.Key.ToString()!, silos.Length)));
    }

    /// <summary>Which of so many silos: of one epoch the aggregator of the next group, and the next shard, go to the next silo.</summary>
    /// <param name="key">A grain's key that ends with /group/shard.</param>
    /// <param name="silos">How many silos there are, at least 1.</param>
    internal static int IndexOf(string key, int silos)
    {
        var shardAt = key.LastIndexOf('/');
        var groupAt = key.LastIndexOf('/', shardAt - 1);
        var epoch = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..groupAt];
        var turn = StableHash.ComputeHash(epoch) + long.Parse(key.AsSpan((groupAt + 1)..shardAt)) + long.Parse(key.AsSpan(shardAt + 1));
        return (int)(turn % silos);
    }
}

using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Site.Participants;

/// <summary>Plans by digest, read once. A plan that this node can't read is a plan it does not run.</summary>
internal sealed class SitePlans(ContentCache cache)
{
    private const int Kept = 16;
    private ImmutableDictionary<ContentDigest, TrainingPlan> _read = ImmutableDictionary<ContentDigest, TrainingPlan>.Empty;

    /// <summary>The plan, or null where this node does not understand it.</summary>
    public async Task<TrainingPlan?> GetAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(digest, out var known))
        {
            return known;
        }

        var (plan, _) = TrainingPlanReader.Read(await cache.GetAsync(digest, cancellationToken));
        if (plan is not null)
        {
            _read = (_read.Count < Kept ? _read : _read.Clear()).SetItem(digest, plan);
        }

        return plan;
    }
}

using System.Collections.Concurrent;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Blobs;

/// <summary>Stored plans as they were read last: every round has new aggregators, and all of a run's are of one plan.</summary>
internal sealed class PlanCache(IBlobStore blobs)
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<ContentDigest, TrainingPlan> _known = [];

    /// <summary>A plan, which was whole when it was submitted.</summary>
    /// <exception cref="FederationException">It is not there, damaged, or none that this program can read.</exception>
    public async ValueTask<TrainingPlan> ReadAsync(ContentDigest digest, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(digest, out var known))
        {
            return known;
        }

        var (plan, faults) = TrainingPlanReader.Read(await blobs.ReadAllAsync(digest, cancellationToken));
        if (plan is null)
        {
            throw new FederationException($"The stored plan can't be read: {faults[0]}");
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        return _known[digest] = plan;
    }
}

using FederatedOrleans.Identity;

namespace FederatedOrleans.Faults;

/// <summary>The models that plans lead to in a federation when nothing happens; each plan is run once, with the invariants.</summary>
/// <param name="federation">The federation.</param>
internal sealed class UndisturbedModels(FaultFederation federation)
{
    private readonly Dictionary<string, ContentDigest[]> _models = new(StringComparer.Ordinal);

    /// <summary>The models of a plan, by round.</summary>
    public async Task<ContentDigest[]> OfAsync(byte[] plan)
    {
        var name = ContentDigest.Of(plan).Hex;
        if (!_models.TryGetValue(name, out var models))
        {
            var run = await federation.SubmitAsync(plan);
            await federation.CompleteAsync(run);
            models = [.. (await federation.VersionsAsync(run)).Select(version => version.Manifest.ModelAfter)];
            await Invariants.AssertAsync(federation, run, plan, models);
            _models.Add(name, models);
        }

        return models;
    }
}

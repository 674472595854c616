using FederatedOrleans.Identity;

namespace FederatedOrleans.Faults;

/// <summary>One federation whose processes may be told where to die, the models that it makes when nobody dies, and what the tests found.</summary>
public sealed class FaultsFixture : IAsyncLifetime
{
    private readonly Dictionary<string, ContentDigest[]> _undisturbed = new(StringComparer.Ordinal);
    private FaultFederation? _federation;

    internal FaultFederation Federation => _federation!;

    internal FaultTable Table { get; } = new();

    public async ValueTask InitializeAsync() => _federation = await FaultFederation.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_federation is not null)
        {
            await _federation.DisposeAsync();
        }
    }

    /// <summary>The models that a plan leads to when nothing happens; run once, with the invariants.</summary>
    internal async Task<ContentDigest[]> UndisturbedAsync(byte[] plan)
    {
        var name = ContentDigest.Of(plan).Hex;
        if (!_undisturbed.TryGetValue(name, out var models))
        {
            var run = await Federation.SubmitAsync(plan);
            await Federation.CompleteAsync(run);
            models = [.. (await Federation.VersionsAsync(run))
                .Select(version => version.Manifest.ModelAfter)];
            await Invariants.AssertAsync(Federation, run, plan, models);
            _undisturbed.Add(name, models);
        }

        return models;
    }
}

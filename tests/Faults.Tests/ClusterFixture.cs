using FederatedOrleans.Identity;

namespace FederatedOrleans.Faults;

/// <summary>One federation of three Silos on a database, and the models that it makes when nobody dies.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private FaultFederation? _federation;
    private UndisturbedModels? _undisturbed;

    internal FaultFederation Federation => _federation!;

    public async ValueTask InitializeAsync()
    {
        _federation = await FaultFederation.StartClusterAsync();
        _undisturbed = new(_federation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_federation is not null)
        {
            await _federation.DisposeAsync();
        }
    }

    /// <summary>The models that a plan leads to when nothing happens.</summary>
    internal Task<ContentDigest[]> UndisturbedAsync(byte[] plan) => _undisturbed!.OfAsync(plan);
}

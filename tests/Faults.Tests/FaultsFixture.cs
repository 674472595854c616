using FederatedOrleans.Identity;

namespace FederatedOrleans.Faults;

/// <summary>One federation whose processes may be told where to die, and the models that it makes when nobody dies.</summary>
public class FaultsFixture : IAsyncLifetime
{
    private FaultFederation? _federation;
    private UndisturbedModels? _undisturbed;

    internal FaultFederation Federation => _federation!;

    public async ValueTask InitializeAsync()
    {
        _federation = await StartAsync();
        _undisturbed = new(_federation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_federation is not null)
        {
            await _federation.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The models that a plan leads to when nothing happens.</summary>
    internal Task<ContentDigest[]> UndisturbedAsync(byte[] plan) => _undisturbed!.OfAsync(plan);

    private protected virtual Task<FaultFederation> StartAsync() => FaultFederation.StartAsync();
}

namespace FederatedOrleans.Federations;

/// <summary>One federation of four hospitals for the tests that leave it as they found it.</summary>
public sealed class HospitalsFixture : IAsyncLifetime
{
    private TestFederation? _federation;

    internal TestFederation Federation => _federation!;

    public async ValueTask InitializeAsync() => _federation = await TestFederation.StartAsync(TestPlan.Hospitals);

    public ValueTask DisposeAsync() => _federation?.DisposeAsync() ?? ValueTask.CompletedTask;
}

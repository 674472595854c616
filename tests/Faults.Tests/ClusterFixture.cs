namespace FederatedOrleans.Faults;

/// <summary>One federation of three Silos on a database, and the models that it makes when nobody dies.</summary>
public sealed class ClusterFixture : FaultsFixture
{
    private protected override Task<FaultFederation> StartAsync() => FaultFederation.StartClusterAsync();
}

namespace FederatedOrleans.Faults;

/// <summary>The tests that share a federation of three Silos.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterGroup : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}

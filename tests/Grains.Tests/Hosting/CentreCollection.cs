namespace FederatedOrleans.Hosting;

/// <summary>Tests that share one centre.</summary>
[CollectionDefinition(nameof(Centre))]
public sealed class CentreCollection : ICollectionFixture<Centre>;

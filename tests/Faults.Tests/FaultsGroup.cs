[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace FederatedOrleans.Faults;

/// <summary>The tests that share a federation.</summary>
[CollectionDefinition(Name)]
public sealed class FaultsGroup : ICollectionFixture<FaultsFixture>
{
    public const string Name = "faults";
}

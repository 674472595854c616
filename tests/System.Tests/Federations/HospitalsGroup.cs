[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace FederatedOrleans.Federations;

/// <summary>The tests that share a federation.</summary>
[CollectionDefinition(Name)]
public sealed class HospitalsGroup : ICollectionFixture<HospitalsFixture>
{
    public const string Name = "hospitals";
}

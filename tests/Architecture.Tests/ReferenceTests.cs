namespace FederatedOrleans;

/// <summary>Which project may see which.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Core", [] },
        { "Grains.Interfaces", ["Core"] },
        { "Grains", ["Grains.Interfaces"] },
        { "Link", ["Core"] },
        { "Storage", ["Core"] },
        { "Postgres", ["Grains"] },
        { "Silo", ["Client", "Grains", "Link", "Postgres", "Storage"] },
        { "HospitalNode", ["Core", "Link", "Storage"] },
        { "Torch", ["Core", "HospitalNode", "Link", "Storage"] },
        { "Simulation", ["Client", "Grains", "HospitalNode"] },
        { "Client", ["Grains.Interfaces"] },
        { "Cli", ["Client", "Link"] },
        { "bench", ["Simulation", "Cli"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_project_references_only_what_the_architecture_allows(string project, string[] allowed) =>
        Assert.Subset(allowed.ToHashSet(StringComparer.Ordinal), Repository.ReferencesOf(project).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Every_project_of_the_product_is_in_the_list() =>
        Assert.Equal(Repository.Projects, Allowed.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Fact]
    public void A_hospitals_node_never_sees_the_centres_grains()
    {
        var seen = Repository.SeenFrom("HospitalNode");

        Assert.DoesNotContain("Grains", seen);
        Assert.DoesNotContain("Grains.Interfaces", seen);
        Assert.DoesNotContain("Client", seen);
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Grains")]
    [InlineData("Client")]
    [InlineData("Cli")]
    [InlineData("Postgres")]
    public void What_runs_at_the_centre_never_sees_the_code_that_reads_records(string project) =>
        Assert.DoesNotContain("HospitalNode", Repository.SeenFrom(project));
}

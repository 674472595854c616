using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>The same plan, seed, data and participation give the same bytes.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class IdenticalTests(HospitalsFixture fixture)
{
    [Fact]
    public async Task Fresh_federations_and_another_order_give_the_same_file()
    {
        var plan = TestPlan.Make(plan => plan["rounds"] = 3);
        var first = await ExportAsync(fixture.Federation, plan);
        var second = await InFreshFederationAsync(plan, TestPlan.Hospitals);
        var reversed = await InFreshFederationAsync(plan, [.. TestPlan.Hospitals.Reverse()]);

        Assert.Equal(first, second);
        Assert.Equal(first, reversed);
    }

    private static async Task<byte[]> InFreshFederationAsync(byte[] plan, string[] order)
    {
        await using var federation = await TestFederation.StartAsync(order);
        return await ExportAsync(federation, plan);
    }

    private static async Task<byte[]> ExportAsync(TestFederation federation, byte[] plan)
    {
        var run = await federation.SubmitAsync(plan);
        Assert.Equal(3, (await federation.CompleteAsync(run)).Count);
        var file = Path.Combine(federation.Folder, $"{run}.json");
        var result = await TestProgram.RunAsync(TestFiles.Fed, "model", "export", run, "--out", file, "--connection", federation.Local.Connection);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
    }
}

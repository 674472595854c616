using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation;

/// <summary>Rehearsals: models of several megabytes, made up, through everything that a real one passes.</summary>
public sealed class RehearsalTests
{
    // Five blocks of staging and a part of one.
    private const int Parameters = 1_400_003;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_staged_in_scratch_files_give_the_bits_of_those_in_memory()
    {
        var inMemory = await RunAsync(stagingBudget: 1L << 28, scratchBudget: 0);
        var inScratch = await RunAsync(stagingBudget: 1 << 20, scratchBudget: 1L << 28);

        Assert.Equal(inMemory, inScratch);
    }

    private static async Task<string> RunAsync(long stagingBudget, long scratchBudget)
    {
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. Toy.Hospitals.Select(id => Toy.Hospital(id))],
                StagingBudget = stagingBudget,
                ScratchBudget = scratchBudget,
            },
            Token);
        var plan = JsonNode.Parse(Toy.Plan(rounds: 2, minimumReports: 4))!;
        plan["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = Parameters };
        var run = await simulation.SubmitAsync(Encoding.UTF8.GetBytes(plan.ToJsonString()), Token);

        var summary = await simulation.CompletionAsync(run, Token);
        Assert.Equal(RunStatus.Completed, summary.Status);
        var versions = await simulation.VersionsAsync(run, Token);
        Assert.All(versions, version => Assert.Equal((4, 0), (version.Manifest.Participants.Length, version.Evaluations.Length)));
        var model = await simulation.ReadModelAsync(run, cancellationToken: Token);
        Assert.Equal(Parameters, model.Length);
        Assert.NotEqual(0, model.Norm());
        Assert.Equal(versions[^1].Manifest.ModelAfter, model.Digest);
        return model.Digest.Hex;
    }
}

using System.Text.Json.Nodes;
using FederatedOrleans.Federations;
using FederatedOrleans.Identity;
using FederatedOrleans.Rounds;

namespace FederatedOrleans;

/// <summary>What a hospital keeps across rounds survives the death of its process.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class ScaffoldTests(HospitalsFixture fixture, ITestOutputHelper output)
{
    private const string Victim = "hungarian";
    private const int Rounds = 3;

    private TestFederation Federation => fixture.Federation;

    [Fact]
    public async Task A_node_killed_in_the_middle_of_a_round_goes_on_to_the_bits_of_an_undisturbed_run()
    {
        Assert.SkipWhen(TestFiles.HeartDisease is null, HeartDiseaseFiles.Missing);
        var undisturbed = await FinalAsync(await Federation.SubmitAsync(Plan()));

        var run = await Federation.SubmitAsync(Plan());
        await Federation.WaitAsync("the victim to train in round 2 or 3", async () =>
            (await Federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training, Round: > 1 } view
            && view.Hospitals.Any(hospital => hospital is { Hospital: Victim, StepsDone: > 0, Status: ParticipantStatus.Accepted }));
        await Federation.Local.EndAsync(Victim, kill: true);
        Federation.Local.StartHospital(Victim);

        Assert.Equal(undisturbed, await FinalAsync(run));
    }

    private static byte[] Plan() => TestPlan.Make(plan =>
    {
        plan["rounds"] = Rounds;

        // Seconds, in which the victim tells of its steps; small ones, since many of them are made.
        plan["training"]!["steps"] = 1_000_000;
        plan["training"]!["batchSize"] = 32;
        plan["training"]!["learningRate"] = 0.0001;
        plan["training"]!["objective"] = new JsonObject { ["name"] = "scaffold" };
        plan["serverOptimizer"] = new JsonObject { ["name"] = "fedadam", ["learningRate"] = 0.05 };
        plan["personalization"] = new JsonObject { ["name"] = "ditto", ["lambda"] = 1, ["steps"] = 100 };
    });

    private async Task<(ContentDigest Model, string Own)> FinalAsync(string run)
    {
        var versions = await Federation.CompleteAsync(run);
        Assert.Equal(Rounds, versions.Count);
        Assert.All(versions, version => Assert.Equal(TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital)));
        output.WriteLine($"{run}: {versions[^1].Manifest.ModelAfter.Hex}");
        string[] own = [.. versions[^1].Evaluations.Select(evaluation => $"{evaluation.Hospital} {evaluation.Metrics.Personal!.LogLoss:R}")];
        Assert.Equal(TestPlan.Hospitals.Length, own.Length);
        return (versions[^1].Manifest.ModelAfter, string.Join(", ", own));
    }
}

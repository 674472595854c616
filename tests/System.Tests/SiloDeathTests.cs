using FederatedOrleans.Federations;
using FederatedOrleans.Rounds;

namespace FederatedOrleans;

/// <summary>The only Silo dies in the middle of a round.</summary>
public sealed class SiloDeathTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_silo_that_is_started_again_ends_with_the_same_model_as_one_that_lived()
    {
        var plan = TestPlan.Long(plan =>
        {
            plan["rounds"] = 3;
            plan["training"]!["steps"] = 300_000;
            plan["round"]!["minimumReports"] = 4;
            plan["round"]!["leaseTime"] = "00:00:20";
            plan["round"]!["selectionWindow"] = "00:00:30";
        });
        await using var federation = await TestFederation.StartAsync(TestPlan.Hospitals);
        var undisturbed = await federation.SubmitAsync(plan);
        var expected = await federation.CompleteAsync(undisturbed);

        var run = await federation.SubmitAsync(plan);
        await federation.WaitAsync("training in round 2", async () =>
            (await federation.RunAsync(run)).CurrentRound is { Round: 2, Phase: RoundPhase.Training } round
            && round.Hospitals.Any(hospital => hospital.StepsDone > 0));
        await federation.Local.EndAsync("silo", kill: true);
        await federation.Local.StartSiloAsync(Token);
        var versions = await federation.CompleteAsync(run);

        Assert.Equal(
            expected.Select(version => version.Manifest.ModelAfter), versions.Select(version => version.Manifest.ModelAfter));
        Assert.All(versions, version =>
        {
            // No attempt was lost to the outage, and nobody was left out.
            Assert.Equal(1, version.Manifest.Attempt);
            Assert.Equal(TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital));
        });
    }
}

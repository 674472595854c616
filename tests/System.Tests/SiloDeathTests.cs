using FederatedOrleans.Federations;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>The only Silo dies in the middle of a round.</summary>
/// <param name="output">Where the final model is told.</param>
public sealed class SiloDeathTests(ITestOutputHelper output)
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

    [Fact]
    public async Task The_demos_plan_ends_with_the_demos_model_though_the_silo_is_away_for_10_seconds_from_round_7_on()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("FEDERATED_FAULTS") == "all", "Takes a minute: set FEDERATED_FAULTS=all to run it.");
        var plan = TestPlan.Sample();
        await using var federation = await TestFederation.StartAsync(TestPlan.Hospitals);
        var expected = await federation.CompleteAsync(await federation.SubmitAsync(plan));

        var run = await federation.SubmitAsync(plan);
        await federation.CommittedAsync(run, 6);
        var held = federation.Local.Processes[TestPlan.Hospitals[^1]];
        await held.SignalAsync("STOP");

        // It may have been halted before it had accepted: then the others have, and nobody has reported.
        RoundView? halted = null;
        await federation.WaitAsync("all others to have done what they can", async () =>
            (halted = (await federation.RunAsync(run)).CurrentRound) is { Phase: RoundPhase.Selecting or RoundPhase.Training, Round: >= 7 } round
            && round.Hospitals.Count(hospital => hospital.Status
                == (round.Phase == RoundPhase.Training ? ParticipantStatus.Reported : ParticipantStatus.Accepted)) == TestPlan.Hospitals.Length - 1);
        output.WriteLine($"killed in round {halted!.Round}, {halted.Phase}");
        await federation.Local.EndAsync("silo", kill: true);
        await Task.Delay(TimeSpan.FromSeconds(10), Token);
        await federation.Local.StartSiloAsync(Token);
        await held.SignalAsync("CONT");
        var versions = await federation.CompleteAsync(run);

        output.WriteLine($"final model {versions[^1].Manifest.ModelAfter}");
        Assert.Equal(15, versions.Count);
        Assert.Equal(
            expected.Select(version => version.Manifest.ModelAfter), versions.Select(version => version.Manifest.ModelAfter));
        Assert.All(versions, version => Assert.Equal(TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital)));
    }
}

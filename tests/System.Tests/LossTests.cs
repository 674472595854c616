using FederatedOrleans.Federations;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>Hospitals that vanish, hang and decline.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class LossTests(HospitalsFixture fixture)
{
    private const string Victim = "va";

    private TestFederation Federation => fixture.Federation;

    [Fact]
    public async Task A_killed_hospital_is_left_out_and_is_back_after_its_restart()
    {
        var run = await Federation.SubmitAsync(TestPlan.Long());
        await TrainingAsync(run, Victim);

        await Federation.Local.EndAsync(Victim, kill: true);
        var manifest = await Federation.CommittedAsync(run, 1);
        AssertLost(manifest);

        Federation.Local.StartHospital(Victim);
        await AllAgainAsync(run);
    }

    [Fact]
    public async Task A_hanging_hospital_is_left_out_and_is_back_when_it_goes_on()
    {
        var run = await Federation.SubmitAsync(TestPlan.Long());
        await TrainingAsync(run, Victim);

        var process = Federation.Local.Processes[Victim];
        await process.SignalAsync("STOP");
        try
        {
            AssertLost(await Federation.CommittedAsync(run, 1));
        }
        finally
        {
            await process.SignalAsync("CONT");
        }

        await AllAgainAsync(run);
    }

    [Fact]
    public async Task A_hospital_without_approval_declines_and_the_run_says_so()
    {
        var plan = TestPlan.Make(plan =>
        {
            plan["name"] = "partly-approved";
            plan["rounds"] = 1;
            plan["round"]!["minimumReports"] = 3;
        });
        var file = Path.Combine(Federation.Folder, "partly-approved.json");
        await File.WriteAllBytesAsync(file, plan, TestContext.Current.CancellationToken);
        foreach (var hospital in TestPlan.Hospitals.Except([Victim]))
        {
            await Federation.Local.ApproveAsync(hospital, TestContext.Current.CancellationToken, "--plan", file);
        }

        var run = await Federation.SubmitAsync(plan);
        var events = new List<RunEvent>();
        await foreach (var occurred in Federation.Client.WatchAsync(run, TestContext.Current.CancellationToken))
        {
            events.Add(occurred);
        }

        const string Reason = "declined: not approved by the dataset's owner";
        var manifest = (await Federation.CompleteAsync(run)).Single().Manifest;
        Assert.Equal(TestPlan.Hospitals.Except([Victim]), manifest.Participants.Select(update => update.Hospital));
        Assert.Equal([new LeftOut(Victim, Reason)], manifest.LeftOut);
        var declined = Assert.Single(events, occurred => occurred.Kind == RunEventKind.HospitalDeclined);
        Assert.Equal((Victim, $"{Victim} {Reason}"), (declined.Hospital, declined.Text));
    }

    private static void AssertLost(RoundManifest manifest)
    {
        Assert.Equal(TestPlan.Hospitals.Except([Victim]), manifest.Participants.Select(update => update.Hospital));
        Assert.Equal([new LeftOut(Victim, "was not heard of for longer than its lease")], manifest.LeftOut);
    }

    private async Task TrainingAsync(string run, string hospital) => await Federation.WaitAsync($"{hospital} to train", async () =>
        (await Federation.RunAsync(run)).CurrentRound is { Phase: RoundPhase.Training } round
        && round.Hospitals.Any(view => view.Hospital == hospital && view.Status == ParticipantStatus.Accepted && view.StepsDone > 0));

    private async Task AllAgainAsync(string run)
    {
        await Federation.WaitAsync("a round with all four", async () =>
        {
            var versions = await Federation.Client.VersionsAsync(run, TestContext.Current.CancellationToken);
            return versions.Any(version => version.Manifest.Round > 1 && version.Manifest.Participants.Length == 4);
        });
        if ((await Federation.RunAsync(run)).Summary.Status is RunStatus.Running or RunStatus.Paused)
        {
            await Federation.Client.StopAsync(run, "the test has seen enough", TestContext.Current.CancellationToken);
        }
    }
}

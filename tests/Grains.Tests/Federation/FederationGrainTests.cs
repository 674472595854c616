using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Hosting;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Federation;

[Collection(nameof(Centre))]
public sealed class FederationGrainTests(Centre centre)
{
    private HospitalKey Key(int number, int days = 365) => new(
        ContentDigest.Of([(byte)number]).Hex, centre.Time.GetUtcNow() - TimeSpan.FromDays(1), centre.Time.GetUtcNow() + TimeSpan.FromDays(days));

    [Fact]
    public async Task Every_fault_of_a_plan_comes_back_at_once()
    {
        await centre.EnrolAsync("faults-a", "faults-b");
        var plan = ScriptedRun.Plan(["faults-a", "faults-b", "nobody"]);
        plan["round"]!["leaseTime"] = "00:00:02";
        plan["round"]!["goalCount"] = 3;
        var result = await SubmitAsync(plan.ToJsonString());
        Assert.Null(result.Run);
        Assert.Contains(result.Faults, fault => fault.Path == "$.hospitals" && fault.Message.Contains("nobody", StringComparison.Ordinal));
        Assert.Contains(result.Faults, fault => fault.Path == "$.round.leaseTime" && fault.Message.Contains("00:00:03", StringComparison.Ordinal));

        var many = ScriptedRun.Plan(["faults-a"]);
        many["round"]!["minimumReports"] = 2;
        many["rounds"] = 0;
        many["unknown"] = 1;
        Assert.True((await SubmitAsync(many.ToJsonString())).Faults.Length >= 3);
        Assert.NotEmpty((await SubmitAsync("not json")).Faults);
    }

    [Fact]
    public async Task More_reports_than_hospitals_are_refused()
    {
        await centre.EnrolAsync("few-a", "few-b");
        var plan = ScriptedRun.Plan(["few-a", "few-b"]);
        plan["round"]!["minimumReports"] = 3;

        Assert.Contains((await SubmitAsync(plan.ToJsonString())).Faults, fault => fault.Path == "$.round.minimumReports");
    }

    [Fact]
    public async Task The_same_submission_twice_is_one_run()
    {
        await centre.EnrolAsync("twice-a", "twice-b");
        var plan = ScriptedRun.Plan(["twice-a", "twice-b"]).ToJsonString();
        var submission = Guid.NewGuid();
        var first = await SubmitAsync(plan, submission);
        var runs = (await centre.Federation.ViewAsync()).Runs;

        Assert.Equal(first.Run, (await SubmitAsync(plan, submission)).Run);
        Assert.Equal(runs, (await centre.Federation.ViewAsync()).Runs);
        await centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run(first.Run!)).StopAsync("the test is over");
    }

    [Fact]
    public async Task Submissions_that_begin_alike_are_two_runs()
    {
        await centre.EnrolAsync("alike-a", "alike-b");
        var plan = ScriptedRun.Plan(["alike-a", "alike-b"]).ToJsonString();
        var first = await SubmitAsync(plan, new Guid(0x01234567, 1, 1, [0, 0, 0, 0, 0, 0, 0, 1]));
        var second = await SubmitAsync(plan, new Guid(0x01234567, 2, 2, [0, 0, 0, 0, 0, 0, 0, 2]));

        Assert.NotEqual(first.Run, second.Run);
        Assert.True(Identifier.IsValid(second.Run));
        await centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run(first.Run!)).StopAsync("the test is over");
        await centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run(second.Run!)).StopAsync("the test is over");
    }

    [Fact]
    public async Task A_run_starts_from_a_committed_model_of_another()
    {
        var first = await ScriptedRun.BeginAsync(centre);
        await first.TrainAsync();
        foreach (var hospital in first.Hospitals)
        {
            await first.UploadAsync(hospital, [1, 2, 3]);
        }

        await first.CommittedAsync(1);
        void From(JsonNode plan, string run, int? version)
        {
            plan["model"]!["initial"] = "committed";
            plan["model"]!["from"] = version is null ? new JsonObject { ["run"] = run } : new JsonObject { ["run"] = run, ["version"] = version };
        }

        var latest = await ScriptedRun.BeginAsync(centre, change: plan => From(plan, first.Id, null));
        var initial = await ScriptedRun.BeginAsync(centre, change: plan => From(plan, first.Id, 0));
        await latest.AssertModelAsync(0, 1, 2, 3);
        await initial.AssertModelAsync(0, 0, 0, 0);
        var training = await latest.TrainAsync();
        Assert.Equal(new ParameterVector([1, 2, 3]).Digest, (await latest.AssignmentAsync(latest.Hospitals[0], AssignmentStage.Train, epoch: training)).Model);

        async Task<string> FaultAsync(Action<JsonNode> change)
        {
            var plan = ScriptedRun.Plan(first.Hospitals);
            change(plan);
            var fault = Assert.Single((await SubmitAsync(plan.ToJsonString())).Faults);
            Assert.Equal("$.model.from", fault.Path);
            return fault.Message;
        }

        Assert.Contains("no run nobody-00000000", await FaultAsync(plan => From(plan, "nobody-00000000", null)), StringComparison.Ordinal);
        Assert.Contains("no version 2", await FaultAsync(plan => From(plan, first.Id, 2)), StringComparison.Ordinal);
        Assert.Contains("another kind, shape, activation, standardization, preprocessing or dataset schema", await FaultAsync(plan =>
        {
            From(plan, first.Id, null);
            plan["dataset"]!["schema"]!["features"]![0]!["name"] = "other";
        }), StringComparison.Ordinal);
        Assert.Contains("is missing", await FaultAsync(plan => plan["model"]!["initial"] = "committed"), StringComparison.Ordinal);
        Assert.Contains("has no meaning where initial is zeros", await FaultAsync(plan => plan["model"]!["from"] = new JsonObject { ["run"] = first.Id }), StringComparison.Ordinal);
        foreach (var run in new[] { first, latest, initial })
        {
            await run.Run.StopAsync("the test is over");
        }
    }

    [Fact]
    public async Task A_submission_whose_run_could_not_start_starts_it_when_repeated()
    {
        await centre.EnrolAsync("again-a", "again-b");
        var plan = ScriptedRun.Plan(["again-a", "again-b"]).ToJsonString();
        var submission = Guid.NewGuid();
        centre.Storage.FailOnce(StateOfRun(plan));
        await Assert.ThrowsAnyAsync<Exception>(() => SubmitAsync(plan, submission));
        var run = centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run((await SubmitAsync(plan, submission)).Run!));

        Assert.Equal(RunStatus.Running, (await run.ViewAsync())!.Summary.Status);
        await run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_hospital_is_invited_then_admitted_with_two_keys_at_most()
    {
        var hospital = "keys-a";
        Assert.False((await centre.Federation.AdmitHospitalAsync(hospital, Key(1))).Done);
        Assert.False((await centre.Federation.InviteHospitalAsync("Not An Id")).Done);
        Assert.True((await centre.Federation.InviteHospitalAsync(hospital)).Done);
        Assert.True((await centre.Federation.InviteHospitalAsync(hospital)).Done);
        Assert.DoesNotContain(hospital, await centre.Federation.EnrolledAsync());
        Assert.False((await centre.Federation.AdmitHospitalAsync(hospital, Key(9, days: -1))).Done);

        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(1, days: 400))).Done);
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(1, days: 400))).Done);
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(2, days: 800))).Done);
        Assert.False((await centre.Federation.AdmitHospitalAsync(hospital, Key(3))).Done);
        Assert.Contains(hospital, await centre.Federation.EnrolledAsync());
        var grain = centre.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital(hospital));
        Assert.True(await grain.IsAdmittedAsync(Key(2).Fingerprint));
        Assert.False(await grain.IsAdmittedAsync(Key(3).Fingerprint));
    }

    [Fact]
    public async Task A_certificate_renewed_for_the_same_key_counts_from_its_admission()
    {
        var hospital = "renewed-a";
        Assert.True((await centre.Federation.InviteHospitalAsync(hospital)).Done);
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(21, days: 10))).Done);
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(22, days: 10))).Done);
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(21, days: 400))).Done);

        // An older certificate of that key takes nothing away.
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(21, days: 5))).Done);
        centre.Time.Pass(TimeSpan.FromDays(20));
        var grain = centre.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital(hospital));
        Assert.True(await grain.IsAdmittedAsync(Key(21).Fingerprint));
        Assert.False(await grain.IsAdmittedAsync(Key(22).Fingerprint));

        // An expired key that comes back still needs a place among the valid ones.
        Assert.True((await centre.Federation.AdmitHospitalAsync(hospital, Key(23))).Done);
        Assert.False((await centre.Federation.AdmitHospitalAsync(hospital, Key(22))).Done);
    }

    [Fact]
    public async Task A_minimum_of_reports_that_never_fits_into_the_staging_budget_is_refused()
    {
        // The centre of these tests stages 1 MiB: room for six of these models of 170,804 bytes.
        string[] hospitals = [.. Enumerable.Range(0, 7).Select(index => $"room-{index}")];
        await centre.EnrolAsync(hospitals);
        var plan = ScriptedRun.Plan(hospitals);
        const string Levels = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        plan["dataset"]!["schema"]!["features"] = new JsonArray([.. Enumerable.Range(0, 700).Select(index => new JsonObject
        {
            ["name"] = $"f{index}",
            ["kind"] = "categorical",
            ["levels"] = new JsonArray([.. Levels.Select(level => JsonValue.Create(level.ToString()))]),
        })]);
        plan["round"]!["minimumReports"] = 7;
        var fault = Assert.Single((await SubmitAsync(plan.ToJsonString())).Faults);
        Assert.Equal("$.round.minimumReports", fault.Path);
        Assert.Equal(
            "7 updates of 170,804 bytes are 1,195,628 bytes, but this centre stages at most 1,048,576 bytes at once (stagingBudget and scratchBudget);"
            + " ask for at most 6 reports, or for larger budgets",
            fault.Message);

        plan["round"]!["minimumReports"] = 6;
        var result = await SubmitAsync(plan.ToJsonString());
        Assert.Empty(result.Faults);
        await centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run(result.Run!)).StopAsync("the test is over");
    }

    [Fact]
    public async Task A_run_whose_plan_is_damaged_is_a_row_that_says_so_and_keeps_no_other_asleep()
    {
        var good = await ScriptedRun.BeginAsync(centre);
        var bad = await ScriptedRun.BeginAsync(centre, change: plan => plan["name"] = $"damaged-{Guid.NewGuid():N}"[..20]);
        var digest = (await bad.Run.ViewAsync())!.Summary.PlanDigest;
        var file = Directory.EnumerateFiles(centre.BlobFolder, digest.Hex, SearchOption.AllDirectories).Single();
        var content = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        await Centre.DeactivateAsync(bad.Run);
        var row = await Centre.UntilAsync(
            async () => (await centre.Federation.RunsAsync(1000)).Single(row => row.Run == bad.Id),
            row => row.Status == RunStatus.Damaged,
            "the run to be damaged");
        Assert.StartsWith("its plan can't be read: ", row.Reason, StringComparison.Ordinal);
        Assert.Equal((digest, bad.Id[..bad.Id.LastIndexOf('-')]), (row.PlanDigest, row.PlanName));
        Assert.Contains(await centre.Federation.RunsAsync(1000), other => other.Run == good.Id && other.Status == RunStatus.Running);

        // Nothing to try again: the caller is not told to.
        await centre.Federation.WakeRunsAsync();
        await File.WriteAllBytesAsync(file, content);
        Assert.Equal(RunStatus.Running, (await centre.Federation.RunsAsync(1000)).Single(row => row.Run == bad.Id).Status);
        await bad.Run.StopAsync("the test is over");
        await good.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_run_that_only_fails_now_is_to_be_woken_again()
    {
        await centre.EnrolAsync("later-a", "later-b");
        var plan = ScriptedRun.Plan(["later-a", "later-b"]).ToJsonString();
        var submission = Guid.NewGuid();
        centre.Storage.FailOnce(StateOfRun(plan));
        await Assert.ThrowsAnyAsync<Exception>(() => SubmitAsync(plan, submission));
        centre.Storage.FailOnce(StateOfRun(plan));
        await Assert.ThrowsAsync<FederationException>(() => centre.Federation.WakeRunsAsync());

        await centre.Federation.WakeRunsAsync();
        var run = centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run((await SubmitAsync(plan, submission)).Run!));
        await run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_revoked_hospital_cannot_come_back()
    {
        var hospital = "revoked-a";
        Assert.False((await centre.Federation.RevokeHospitalAsync(hospital)).Done);
        await centre.EnrolAsync(hospital);
        Assert.True((await centre.Federation.RevokeHospitalAsync(hospital)).Done);
        Assert.True((await centre.Federation.RevokeHospitalAsync(hospital)).Done);

        Assert.False((await centre.Federation.InviteHospitalAsync(hospital)).Done);
        Assert.False((await centre.Federation.AdmitHospitalAsync(hospital, Key(7))).Done);
        Assert.DoesNotContain(hospital, await centre.Federation.EnrolledAsync());
        var view = (await centre.Federation.HospitalsAsync()).Single(other => other.Hospital == hospital);
        Assert.Equal(HospitalStanding.Revoked, view.Standing);
        var grain = centre.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital(hospital));
        Assert.False(await grain.IsAdmittedAsync(view.KeyFingerprints[0]));
    }

    /// <summary>A write of the state of a run of this plan fails: runs of other tests store theirs too.</summary>
    private static Func<string, string, object?, WriteFault> StateOfRun(string plan)
    {
        var digest = ContentDigest.Of(Encoding.UTF8.GetBytes(plan));
        return (_, _, state) => state is RunState run && run.PlanDigest == digest ? WriteFault.NotStored : WriteFault.None;
    }

    private Task<SubmitResult> SubmitAsync(string plan, Guid? submission = null) =>
        centre.Federation.SubmitAsync(new SubmitPlan { Submission = submission ?? Guid.NewGuid(), Plan = Encoding.UTF8.GetBytes(plan) });
}

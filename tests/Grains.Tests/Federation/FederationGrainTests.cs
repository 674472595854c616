using System.Text;
using FederatedOrleans.Hosting;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
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
    public async Task A_submission_whose_run_could_not_start_starts_it_when_repeated()
    {
        await centre.EnrolAsync("again-a", "again-b");
        var plan = ScriptedRun.Plan(["again-a", "again-b"]).ToJsonString();
        var submission = Guid.NewGuid();
        centre.Storage.FailOnce((state, _, _) => state == "fo.run" ? WriteFault.NotStored : WriteFault.None);
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

    private Task<SubmitResult> SubmitAsync(string plan, Guid? submission = null) =>
        centre.Federation.SubmitAsync(new SubmitPlan { Submission = submission ?? Guid.NewGuid(), Plan = Encoding.UTF8.GetBytes(plan) });
}

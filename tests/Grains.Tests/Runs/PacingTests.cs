using System.Text;
using FederatedOrleans.Availability;
using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>Runs whose hospitals are open at certain hours only. The hours are made from the clock, so that each test begins at the same place of them.</summary>
[Collection(nameof(Centre))]
public sealed class PacingTests(Centre centre)
{
    private DateTimeOffset Now => centre.Time.GetUtcNow();

    [Fact]
    public async Task A_run_waits_until_enough_hospitals_are_open_together_tells_why_and_goes_on_by_itself()
    {
        string[] hospitals = ["night-a", "night-b", "night-c"];
        await centre.EnrolAsync(hospitals);

        // Together from 5 to 7 hours from now: before, never more than two.
        var meet = Minute(5);
        await PublishAsync("night-a", Window(2, 8));
        await PublishAsync("night-b", Window(4, 10));
        await PublishAsync("night-c", Window(5, 7));
        var run = await SubmitAsync(hospitals, minimum: 3);
        var why = await WhyAsync(run, "are open together again");
        Assert.Contains("attempt 1 at round 1 begins at", why.Why, StringComparison.Ordinal);
        Assert.Contains($"0 of at least 3 hospitals are open now; 3 are open together again at {meet:yyyy-MM-dd HH:mm}:00Z", why.Why, StringComparison.Ordinal);
        await NobodyIsInvitedAsync(hospitals);

        // Two are open by then, and that is told too; still nobody is invited.
        centre.Time.Pass(meet - Now - TimeSpan.FromMinutes(50));
        await WhyAsync(run, "2 of at least 3 hospitals are open now");
        await NobodyIsInvitedAsync(hospitals);

        centre.Time.Pass(TimeSpan.FromMinutes(51));
        await InvitedAsync(run, hospitals);
        Assert.Equal(1, (await Coordinator(run).ViewAsync())!.Attempt);
        await Run(run).StopAsync("the test is over");
    }

    [Fact]
    public async Task Only_hospitals_that_are_open_are_invited_and_the_goal_is_lowered_to_them()
    {
        string[] hospitals = ["part-a", "part-b", "part-c"];
        await centre.EnrolAsync(hospitals);
        await PublishAsync("part-b", Window(5, 7));
        var run = await SubmitAsync(hospitals, minimum: 2);
        await InvitedAsync(run, ["part-a", "part-c"]);
        Assert.Empty(await AssignmentsAsync("part-b"));
        var view = await Coordinator(run).ViewAsync();
        Assert.Equal(["part-a", "part-c"], view!.Hospitals.Select(hospital => hospital.Hospital));
        await Run(run).StopAsync("the test is over");
    }

    [Fact]
    public async Task A_calendar_that_changes_is_looked_at_within_a_minute()
    {
        string[] hospitals = ["new-a", "new-b"];
        await centre.EnrolAsync(hospitals);
        await PublishAsync("new-a", Window(5, 7));
        var run = await SubmitAsync(hospitals, minimum: 2);
        await WhyAsync(run, "1 of at least 2 hospitals is open now");
        await PublishAsync("new-a", null);
        centre.Time.Pass(TimeSpan.FromMinutes(1));
        await InvitedAsync(run, hospitals);
        await Run(run).StopAsync("the test is over");
    }

    [Fact]
    public async Task A_run_whose_hospitals_never_meet_pauses_and_says_why_and_goes_on_once_they_do()
    {
        string[] hospitals = ["never-a", "never-b"];
        await centre.EnrolAsync(hospitals);
        await PublishAsync("never-a", Window(2, 4));
        await PublishAsync("never-b", Window(4, 6));
        var run = await SubmitAsync(hospitals, minimum: 2);
        var view = await Centre.UntilAsync(async () => (await Run(run).ViewAsync())!, view => view.Summary.Status == RunStatus.Paused, "the run pauses");
        Assert.Equal(
            "round 1 can't begin: 0 of at least 2 hospitals are open now, and so many are at no time open together within 28 days", view.Summary.Reason);
        await PublishAsync("never-a", null);
        await PublishAsync("never-b", null);
        Assert.True((await Run(run).ResumeAsync()).Done);
        await InvitedAsync(run, hospitals);
        await Run(run).StopAsync("the test is over");
    }

    [Fact]
    public async Task An_attempt_under_way_goes_on_after_the_run_is_activated_anew_though_its_hospitals_have_closed()
    {
        string[] hospitals = ["under-a", "under-b"];
        await centre.EnrolAsync(hospitals);
        var run = await SubmitAsync(hospitals, minimum: 2);
        await InvitedAsync(run, hospitals);
        await PublishAsync("under-a", Window(5, 7));
        await Centre.DeactivateAsync(Run(run));
        await Centre.UntilAsync(
            async () => (await Run(run).WhyAsync())!.Why, why => why.Contains("under-a", StringComparison.Ordinal), "the round is explained again");
        Assert.Equal(RunStatus.Running, (await Run(run).ViewAsync())!.Summary.Status);
        Assert.Equal((1, RoundPhase.Selecting), (await Coordinator(run).ViewAsync()) is { } view ? (view.Attempt, view.Phase) : default);
        await Run(run).StopAsync("the test is over");
    }

    [Fact]
    public async Task A_hospital_is_shown_with_its_hours()
    {
        await centre.EnrolAsync("hours-a");
        Assert.True((await Hospital("hours-a").ViewAsync()).IsOpen);
        await PublishAsync("hours-a", Window(5, 7));
        var closed = await Hospital("hours-a").ViewAsync();
        Assert.False(closed.IsOpen);
        Assert.Equal(Minute(5), closed.OpensAt);
        await PublishAsync("hours-a", Window(-1, 7));
        var open = await Hospital("hours-a").ViewAsync();
        Assert.True(open.IsOpen);
        Assert.Null(open.OpensAt);
        Assert.NotNull(open.Availability);
    }

    [Fact]
    public async Task A_pause_earns_no_time_and_progress_does()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        centre.Time.Pass(TimeSpan.FromHours(9.5));
        Task<RoundVerdict> Report(ActivityKind kind) => run.Coordinator().ActivityAsync(run.Hospitals[0], 1, new HospitalActivity { Kind = kind });
        Assert.Equal(RoundVerdict.NothingDue, await Report(ActivityKind.Paused));
        Assert.Equal(RoundVerdict.Applied, await Report(ActivityKind.Training));
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task Over_selection_invites_more_and_the_round_closes_at_the_goal_and_the_grace_time()
    {
        var run = await ScriptedRun.BeginAsync(centre, hospitals: 5, plan =>
        {
            plan["round"]!["goalCount"] = 2;
            plan["round"]!["overSelection"] = 1.5;
            plan["round"]!["grace"] = "00:30:00";
        });
        var invited = (await run.PhaseAsync(RoundPhase.Selecting)).Hospitals.Select(hospital => hospital.Hospital).ToArray();
        Assert.Equal(3, invited.Length);
        await run.AcceptAsync(1, 1, invited);
        await run.PhaseAsync(RoundPhase.Training);
        await run.UploadAsync(invited[0], [1, 1, 1]);
        await run.UploadAsync(invited[1], [3, 3, 3]);

        // The goal is reached: the third has its grace time, and no more.
        centre.Time.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(RoundPhase.Training, (await run.Coordinator().ViewAsync())!.Phase);
        centre.Time.Pass(TimeSpan.FromMinutes(2));
        var manifest = (await run.CommittedAsync(1)).Latest!.Manifest;
        Assert.Equal(invited[..2], manifest.Participants.Select(update => update.Hospital));
        Assert.Equal(invited[2], Assert.Single(manifest.LeftOut).Hospital);
        await run.AssertModelAsync(1, 2f, 2f, 2f);
    }

    // The whole minute so many hours from now.
    private DateTimeOffset Minute(int hours)
    {
        var at = Now.AddHours(hours);
        return new(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, TimeSpan.Zero);
    }

    private WeeklyAvailability Window(int fromHours, int toHours)
    {
        var (from, to) = (TimeOnly.FromDateTime(Minute(fromHours).UtcDateTime), TimeOnly.FromDateTime(Minute(toHours).UtcDateTime));
        return new() { TimeZone = "UTC", Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => WeeklyWindow.On(day, from, to))] };
    }

    private async Task<string> SubmitAsync(string[] hospitals, int minimum)
    {
        var plan = ScriptedRun.Plan(hospitals);
        plan["round"]!["minimumReports"] = minimum;
        plan["round"]!["selectionWindow"] = "00:02:00";
        var result = await centre.Federation.SubmitAsync(
            new SubmitPlan { Submission = Guid.NewGuid(), Plan = Encoding.UTF8.GetBytes(plan.ToJsonString()) });
        Assert.Empty(result.Faults);
        return result.Run!;
    }

    private Task PublishAsync(string hospital, WeeklyAvailability? calendar) => Hospital(hospital).PublishAvailabilityAsync(calendar);

    private Task<RunExplanation> WhyAsync(string run, string part) => Centre.UntilAsync(
        async () => (await Run(run).WhyAsync())!, why => why.Why.Contains(part, StringComparison.Ordinal), part);

    private async Task NobodyIsInvitedAsync(string[] hospitals)
    {
        foreach (var hospital in hospitals)
        {
            Assert.Empty(await AssignmentsAsync(hospital));
        }
    }

    private async Task InvitedAsync(string run, string[] hospitals)
    {
        foreach (var hospital in hospitals)
        {
            await Centre.UntilAsync(
                async () => await AssignmentsAsync(hospital),
                assignments => assignments.Any(item => item.Run == run && item.Stage == AssignmentStage.Invited), $"{hospital} is invited");
        }
    }

    private async Task<HospitalAssignment[]> AssignmentsAsync(string hospital) => [.. (await Hospital(hospital).InboxAsync()).Assignments];

    private IRunGrain Run(string run) => centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run(run));

    private IHospitalGrain Hospital(string hospital) => centre.Grains.GetGrain<IHospitalGrain>(GrainKeys.Hospital(hospital));

    private IRoundCoordinatorGrain Coordinator(string run) => centre.Grains.GetGrain<IRoundCoordinatorGrain>(GrainKeys.Round(run, 1));
}

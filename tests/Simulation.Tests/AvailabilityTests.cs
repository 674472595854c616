using FederatedOrleans.Availability;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation;

/// <summary>Whole federations whose hospitals are not always free.</summary>
public sealed class AvailabilityTests : IDisposable
{
    private static readonly string[] Nights = ["alpha", "beta", "delta"];

    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public AvailabilityTests() => _deadline.CancelAfter(TimeSpan.FromSeconds(120));

    private CancellationToken Token => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public async Task Hospitals_that_meet_only_at_night_train_then_and_the_run_tells_before_what_it_waits_for()
    {
        // It is noon: from 20 to 4, 23 to 7 and 2 to 6 o'clock, so together from 2 to 4.
        var time = new ShiftedTime();
        var now = time.GetUtcNow();
        time.Pass(new DateTimeOffset(now.Year, now.Month, now.Day, 12, 0, 0, TimeSpan.Zero).AddDays(1) - now);
        await using var simulation = await StartAsync(
            time, Hospital("alpha", Night(20, 4)), Hospital("beta", Night(23, 7)), Hospital("delta", Night(2, 6)));
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 2, minimumReports: 3), Token);
        var why = await WhyAsync(simulation, run, "are open together again");
        Assert.Contains("3 are open together again at", why.Why, StringComparison.Ordinal);
        Assert.Contains("02:00:00Z", why.Why, StringComparison.Ordinal);
        Assert.Empty((await simulation.Run(run).ViewAsync(Token))!.CurrentRound?.Hospitals ?? []);
        Assert.All(await simulation.Federation.HospitalsAsync(Token), hospital => Assert.False(hospital.IsOpen));

        time.Pass(TimeSpan.FromHours(14) + TimeSpan.FromMinutes(1));
        var summary = await simulation.CompletionAsync(run, Token);
        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
        var versions = await simulation.VersionsAsync(run, Token);
        Assert.Equal(2, versions.Length);
        Assert.All(versions, version => Assert.Equal(Nights, version.Manifest.Participants.Select(update => update.Hospital)));

        // Waiting cost no attempt.
        Assert.All(versions, version => Assert.Equal(1, version.Manifest.Attempt));
    }

    [Fact]
    public async Task A_limit_that_breaks_holds_a_training_up_and_the_model_is_the_same_in_the_end()
    {
        var time = TimeProvider.System;
        await using var undisturbed = await StartAsync(time, [.. Nights.Select(id => Hospital(id))]);
        var calm = await undisturbed.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 3), Token);
        await undisturbed.CompletionAsync(calm, Token);
        var expected = (await undisturbed.ReadModelAsync(calm, cancellationToken: Token)).Digest;

        // The first look is that of the invitation, the second that before training.
        var limit = new BreakingLimit(looks: 1);
        await using var simulation = await StartAsync(time, Hospital("alpha"), Hospital("beta", limit: limit), Hospital("delta"));
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 3), Token);
        var why = await WhyAsync(simulation, run, "beta");
        while (!(await simulation.Run(run).WhyAsync(Token))!.Hospitals.Any(hospital => hospital.Hospital == "beta" && hospital.Doing.StartsWith("pauses after", StringComparison.Ordinal)))
        {
            await Task.Delay(20, Token);
        }

        Assert.Equal(0, (await simulation.Run(run).ViewAsync(Token))!.Summary.CommittedRounds);
        limit.Mend();
        var summary = await simulation.CompletionAsync(run, Token);
        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
        Assert.Equal(expected, (await simulation.ReadModelAsync(run, cancellationToken: Token)).Digest);
    }

    [Fact]
    public async Task A_hospital_whose_machine_is_not_free_declines_with_a_code_and_the_centres_words()
    {
        await using var simulation = await StartAsync(
            TimeProvider.System, Hospital("alpha"), Hospital("beta", limit: new BreakingLimit(looks: 0)), Hospital("delta"));
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 2), Token);
        var declined = await simulation.WaitForAsync(run, occurred => occurred.Kind == RunEventKind.HospitalDeclined, Token);
        Assert.Equal("beta", declined.Hospital);
        Assert.Contains(HospitalWording.NoResources, declined.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("the test says so", declined.Text, StringComparison.Ordinal);
        var summary = await simulation.CompletionAsync(run, Token);
        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
    }

    private static SimulatedHospital Hospital(string id, WeeklyAvailability? hours = null, BreakingLimit? limit = null) =>
        SimulatedHospital.Of(id, hours, limit, Toy.Dataset(id));

    private static WeeklyAvailability Night(int from, int to) => new()
    {
        TimeZone = "UTC",
        Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => WeeklyWindow.On(day, new(from, 0), new(to, 0)))],
    };

    private async Task<RunExplanation> WhyAsync(FederationSimulation simulation, string run, string part)
    {
        while (true)
        {
            if (await simulation.Run(run).WhyAsync(Token) is { } why && why.Why.Contains(part, StringComparison.Ordinal))
            {
                return why;
            }

            await Task.Delay(20, Token);
        }
    }

    private Task<FederationSimulation> StartAsync(TimeProvider time, params SimulatedHospital[] hospitals) => FederationSimulation.StartAsync(
        new SimulationOptions
        {
            Hospitals = [.. hospitals],
            Time = time,
            Tick = TimeSpan.FromMilliseconds(50),
            PollInterval = TimeSpan.FromMilliseconds(200),
        },
        Token);
}

namespace FederatedOrleans.Faults;

/// <summary>Clocks that are set while a round is under way: by an hour or a day, while timers go on.</summary>
/// <param name="fixture">The federation.</param>
[Collection(FaultsGroup.Name)]
public sealed class ClockTests(FaultsFixture fixture)
{
    private const string Hospital = "va";

    // The plan's lease is 2 s, its deadlines are minutes.
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Silo_whose_clock_is_set_forward_and_back_gives_no_attempt_up_and_loses_nobody() => await AssertNothingHappensAsync(
        FaultFederation.Silo, Hour, TimeSpan.Zero);

    [Fact]
    public async Task A_hospital_whose_clock_is_set_forward_and_then_to_the_day_before_goes_on() => await AssertNothingHappensAsync(
        Hospital, Hour, -Day);

    [Fact]
    public async Task A_hospital_whose_clock_is_wrong_by_a_day_can_not_connect_and_goes_on_once_it_is_right()
    {
        SkipUnlessWhole();
        var federation = fixture.Federation;
        var plan = FaultPlan.Long();
        var expected = await fixture.UndisturbedAsync(plan);
        string run;
        try
        {
            run = await federation.SubmitAsync(plan);
            await federation.TrainingAsync(run, 2);

            // No certificate of this federation is a day old.
            federation.SetClock(Hospital, -Day);
            federation.Relay.CutAll();
            await federation.WaitAsync("the run to tell who is missing", async () =>
                await federation.AskAsync(client => client.WhyAsync(run, Token)) is { } why
                && why.Why.Contains($"not heard of for longer than the lease: {Hospital}", StringComparison.Ordinal), FaultFederation.Patience, run);
            await federation.WaitAsync("the hospital to tell why", () => Task.FromResult(LogTells()), FaultFederation.Patience, run);
            Assert.True((await federation.VersionsAsync(run)).Count < 3, "the run had ended before");
        }
        finally
        {
            federation.SetClock(Hospital, TimeSpan.Zero);
        }

        await federation.CompleteAsync(run);
        await AssertSameAsync(run, plan, expected);
    }

    private static void SkipUnlessWhole() => Assert.SkipUnless(MatrixTests.IsWhole, "Takes minutes: set FEDERATED_FAULTS=all to run it.");

    private async Task AssertNothingHappensAsync(string name, TimeSpan first, TimeSpan second)
    {
        SkipUnlessWhole();
        var federation = fixture.Federation;
        var plan = FaultPlan.Long();
        var expected = await fixture.UndisturbedAsync(plan);
        string run;
        try
        {
            run = await federation.SubmitAsync(plan);
            await federation.TrainingAsync(run, 1);
            federation.SetClock(name, first);
            await federation.TrainingAsync(run, 2);
            federation.SetClock(name, second);
            await federation.CompleteAsync(run);
        }
        finally
        {
            federation.SetClock(name, TimeSpan.Zero);
        }

        await AssertSameAsync(run, plan, expected);
    }

    private async Task AssertSameAsync(string run, byte[] plan, Identity.ContentDigest[] expected)
    {
        await Invariants.AssertAsync(fixture.Federation, run, plan, expected);
        Assert.All(await fixture.Federation.VersionsAsync(run), version => Assert.Equal(1, version.Manifest.Attempt));
    }

    private bool LogTells() => fixture.Federation.Federation.Log(Hospital)
        .Contains("The centre's certificate was refused: NotYetValid", StringComparison.Ordinal);
}

namespace FederatedOrleans.Faults;

/// <summary>Processes that stand still for longer than a lease, and then go on as if nothing had been.</summary>
/// <param name="fixture">The federation.</param>
[Collection(FaultsGroup.Name)]
public sealed class FrozenTests(FaultsFixture fixture)
{
    // The plan's lease is 2 s.
    private static readonly TimeSpan BeyondTheLease = TimeSpan.FromSeconds(3.5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_and_a_hospital_that_stood_still_beyond_the_lease_end_with_the_same_model()
    {
        var federation = fixture.Federation;
        var plan = FaultPlan.Long();
        var expected = await fixture.UndisturbedAsync(plan);

        var run = await federation.SubmitAsync(plan);
        await federation.TrainingAsync(run, 1);
        await FreezeAsync(FaultFederation.Silo);
        await federation.TrainingAsync(run, 2);
        await FreezeAsync("va");
        await federation.CompleteAsync(run);

        await Invariants.AssertAsync(federation, run, plan, expected);
        Assert.True(fixture.Federation.Journal(run).Any(), "nothing was announced");
    }

    private async Task FreezeAsync(string name)
    {
        var process = fixture.Federation.Federation.Local.Processes[name];
        await process.SignalAsync("STOP");
        try
        {
            await Task.Delay(BeyondTheLease, Token);
        }
        finally
        {
            await process.SignalAsync("CONT");
        }
    }
}

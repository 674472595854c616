namespace FederatedOrleans.Faults;

/// <summary>A bad line between hospitals and the Silo.</summary>
/// <param name="fixture">The federation.</param>
[Collection(FaultsGroup.Name)]
public sealed class LineTests(FaultsFixture fixture)
{
    [Fact]
    public async Task Models_and_updates_that_no_connection_lives_to_carry_arrive_in_parts()
    {
        var federation = fixture.Federation;
        var plan = FaultPlan.Large();
        var expected = await fixture.UndisturbedAsync(plan);

        // A model and an update have 800 kB each: whoever began anew after a break would never end.
        var cuts = federation.Relay.Cuts;
        string run;
        federation.Relay.Trouble = new() { Latency = TimeSpan.FromMilliseconds(5), BytesPerSecond = 4_000_000, BreaksAfter = 450_000 };
        try
        {
            // Connections that carried something before have not far to go.
            federation.Relay.CutAll();
            run = await federation.SubmitAsync(plan);
            await federation.CompleteAsync(run);
        }
        finally
        {
            federation.Relay.Trouble = RelayTrouble.None;
        }

        // Each hospital downloads two new models and uploads three updates, all of them longer than a connection carries.
        Assert.True(federation.Relay.Cuts - cuts >= 4 * 5, $"only {federation.Relay.Cuts - cuts} connections broke");
        await Invariants.AssertAsync(federation, run, plan, expected);
    }
}

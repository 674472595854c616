using FederatedOrleans.Hosting;
using FederatedOrleans.Rounds;
using FederatedOrleans.Runs;

namespace FederatedOrleans;

/// <summary>People who ask why a round waits, close it, or give it up.</summary>
[Collection(nameof(Centre))]
public sealed class SteeringTests(Centre centre)
{
    [Fact]
    public async Task A_round_is_closed_by_hand_with_the_minimum_and_never_below()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);
        var refused = await run.Run.CloseRoundAsync();
        Assert.False(refused.Done);
        Assert.StartsWith("Fewer than the minimum are in", refused.Reason);

        await run.UploadAsync(run.Hospitals[1], [2, 2, 2]);
        var why = await run.Run.WhyAsync();
        Assert.Contains($"still at work: {run.Hospitals[2]};", why!.Why);
        Assert.Equal($"the model would be made from 2 updates, without {run.Hospitals[2]}", why.IfClosedNow);
        Assert.True((await run.Run.CloseRoundAsync()).Done);

        var manifest = (await run.CommittedAsync(1)).Latest!.Manifest;
        Assert.Equal(run.Hospitals[..2], manifest.Participants.Select(update => update.Hospital));
        await run.AssertModelAsync(1, 1.5f, 1.5f, 1.5f);
    }

    [Fact]
    public async Task A_selection_is_closed_by_hand()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.AcceptAsync(1, 1, run.Hospitals[..2]);
        Assert.True((await run.Run.CloseRoundAsync()).Done);

        await run.PhaseAsync(RoundPhase.Training);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task An_attempt_is_given_up_by_hand_and_the_next_follows()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        Assert.True((await run.Run.AbandonRoundAsync("a wrong hospital is in it")).Done);

        await run.PhaseAsync(RoundPhase.Selecting, attempt: 2);
        Assert.Equal(RoundDecision.NotCommitted, (await run.OutcomeAsync(run.Hospitals[0])).Decision);
        await run.Run.StopAsync("the test is over");
    }

    [Fact]
    public async Task A_run_that_is_not_running_says_why_and_has_no_round_to_steer()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.PhaseAsync(RoundPhase.Selecting);
        await run.Run.PauseAsync("lunch");

        Assert.Equal("it is paused, and goes on when it is resumed: lunch", (await run.Run.WhyAsync())!.Why);
        var refused = await run.Run.CloseRoundAsync();
        Assert.Equal($"No round of {run.Id} is under way: it is paused, and goes on when it is resumed: lunch.", refused.Reason);
        await run.Run.StopAsync("the test is over");
        Assert.Null(await centre.Grains.GetGrain<IRunGrain>(GrainKeys.Run("no-such-run")).WhyAsync());
    }
}

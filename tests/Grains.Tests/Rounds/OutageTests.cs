using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Rounds;
using FederatedOrleans.Updates;

namespace FederatedOrleans;

/// <summary>The whole centre is gone for a while: a centre of its own for each test, since others share one.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly Centre _centre = new();

    public ValueTask InitializeAsync() => _centre.InitializeAsync();

    public ValueTask DisposeAsync() => _centre.DisposeAsync();

    [Fact]
    public async Task A_round_goes_on_where_it_stood_and_its_updates_come_from_the_outboxes_again()
    {
        var run = await ScriptedRun.BeginAsync(_centre, change: plan => plan["rounds"] = 2);
        await run.TrainAsync();
        await run.UploadAsync(run.Hospitals[0], [1, 1, 1]);

        await _centre.RestartAsync();

        var again = await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, epoch: 2);
        foreach (var (index, hospital) in run.Hospitals.Index())
        {
            Assert.Equal(
                IntakeVerdict.Counted,
                (await run.UploadAsync(hospital, [index + 1, index + 1, index + 1], epoch: again.Epoch)).Verdict);
        }

        var view = await run.CommittedAsync(1);
        Assert.Equal(1, view.Latest!.Manifest.Attempt);
        await run.AssertModelAsync(1, 2, 2, 2);
        await run.PhaseAsync(RoundPhase.Selecting, round: 2);
    }

    [Fact]
    public async Task An_outage_longer_than_every_deadline_costs_no_attempt()
    {
        var run = await ScriptedRun.BeginAsync(_centre);
        await run.TrainAsync();

        await _centre.RestartAsync(outage: TimeSpan.FromHours(100));

        var again = await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Train, epoch: 2);
        Assert.InRange(again.Deadline, _centre.Time.GetUtcNow() + TimeSpan.FromHours(9), _centre.Time.GetUtcNow() + TimeSpan.FromHours(11));
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, [2, 2, 2], epoch: again.Epoch);
        }

        Assert.Equal(1, (await run.CommittedAsync(1)).Latest!.Manifest.Attempt);
    }
}

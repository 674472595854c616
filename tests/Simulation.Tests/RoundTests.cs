using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation;

/// <summary>Rounds when a hospital goes away, or is late to hear what became of its update.</summary>
public sealed class RoundTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SimulationStorage.Memory)]
    [InlineData(SimulationStorage.Sqlite)]
    public async Task A_hospital_that_goes_away_is_left_out_until_it_is_back(SimulationStorage storage)
    {
        using var deadline = Deadline();
        var uploading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = true;
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. Toy.Hospitals.Select(id => Toy.Hospital(id))],
                Storage = storage,
                Tick = TimeSpan.FromMilliseconds(20),
                HeartbeatInterval = TimeSpan.FromMilliseconds(100),
                WrapLink = (hospital, link) => new HeldLink(
                    link,
                    upload =>
                    {
                        if (hospital != "beta" || upload.Id.Round < 2 || !Volatile.Read(ref holding))
                        {
                            return Task.CompletedTask;
                        }

                        uploading.TrySetResult();
                        return Task.Delay(Timeout.Infinite, deadline.Token);
                    },
                    _ => Task.CompletedTask),
            },
            deadline.Token);
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 5000, minimumReports: 3, lease: "00:00:01"), deadline.Token);

        // Its second update is trained and waits in the outbox: it goes away just before it would report.
        await uploading.Task.WaitAsync(deadline.Token);
        await simulation.StopHospitalAsync("beta");
        var lost = await simulation.WaitForAsync(run, occurred => occurred.Kind == RunEventKind.HospitalLost, deadline.Token);
        Assert.Equal(("beta", 2), (lost.Hospital, lost.Round));
        await simulation.WaitForAsync(run, occurred => occurred is { Kind: RunEventKind.RoundCommitted, Round: 2 }, deadline.Token);
        var without = await VersionAsync(simulation, run, 2, deadline.Token);
        Assert.Equal(["alpha", "delta", "gamma"], without.Manifest.Participants.Select(update => update.Hospital));
        Assert.Equal("beta", Assert.Single(without.Manifest.LeftOut).Hospital);

        Volatile.Write(ref holding, false);
        await simulation.StartHospitalAsync("beta", deadline.Token);
        var back = await simulation.WaitForAsync(
            run, occurred => occurred is { Kind: RunEventKind.HospitalReported, Hospital: "beta", Round: > 2 }, deadline.Token);
        await simulation.WaitForAsync(
            run, occurred => occurred.Kind == RunEventKind.RoundCommitted && occurred.Round == back.Round, deadline.Token);
        var with = await VersionAsync(simulation, run, back.Round, deadline.Token);
        Assert.Equal(Toy.Hospitals, with.Manifest.Participants.Select(update => update.Hospital));
        Assert.Equal(1, with.Manifest.Attempt);
        Assert.True((await simulation.Run(run).StopAsync("the test is over", deadline.Token)).Done);
    }

    [Fact]
    public async Task A_receipt_that_arrives_after_the_next_invitation_costs_no_round()
    {
        using var deadline = Deadline();
        var invited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. Toy.Hospitals.Select(id => Toy.Hospital(id))],

                PollInterval = TimeSpan.FromMilliseconds(200),

                // The first receipt of one hospital is held until it has dealt with the invitation to the next round.
                WrapLink = (hospital, link) => hospital == "beta" ? new LateReceiptLink(link, invited) : link,
            },
            deadline.Token);
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 3, minimumReports: 4), deadline.Token);
        var summary = await simulation.CompletionAsync(run, deadline.Token);

        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
        Assert.True(invited.Task.IsCompleted);
    }

    [Fact]
    public async Task A_hospital_whose_dataset_has_another_schema_is_left_out_and_the_manifest_says_so()
    {
        using var deadline = Deadline();
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. Toy.Hospitals.Select(id => Toy.Hospital(id, id == "delta" ? "smaller" : "larger"))],
                PollInterval = TimeSpan.FromMilliseconds(200),
            },
            deadline.Token);
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 3), deadline.Token);
        var summary = await simulation.CompletionAsync(run, deadline.Token);

        Assert.True(summary.Status == RunStatus.Completed, summary.Reason);
        var version = await VersionAsync(simulation, run, 1, deadline.Token);
        Assert.Equal(["alpha", "beta", "gamma"], version.Manifest.Participants.Select(update => update.Hospital));
        Assert.Equal(new LeftOut("delta", "declined: its dataset has another schema"), Assert.Single(version.Manifest.LeftOut));
    }

    private static CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Patience);
        return deadline;
    }

    private static async Task<ModelVersionView> VersionAsync(
        FederationSimulation simulation, string run, int version, CancellationToken cancellationToken) =>
        Assert.Single(await simulation.Run(run).VersionsAsync(version, 1, cancellationToken));
}

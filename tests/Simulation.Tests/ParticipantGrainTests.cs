using FederatedOrleans.Identity;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using FederatedOrleans.Training;

namespace FederatedOrleans.Simulation;

/// <summary>The site's half of exactly once: what a training leaves behind becomes current with the outcome that names its digest, or never.</summary>
public sealed class ParticipantGrainTests
{
    private static readonly AttemptId First = new("run", 1, 1);
    private static readonly ContentDigest Update = ContentDigest.Of("update"u8);
    private static readonly DataIteratorState Staged = new() { Pass = 3, Position = 7 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("update", true)]
    [InlineData("another update", false)]
    [InlineData(null, false)]
    public async Task Staged_memory_is_promoted_only_by_the_outcome_that_names_its_digest(string? included, bool isPromoted)
    {
        await using var simulation = await StartAsync();
        var participant = await RecordedAsync(simulation);

        await participant.SettleAsync(First, included is null ? default : ContentDigest.Of(System.Text.Encoding.UTF8.GetBytes(included)), Token);

        var state = await participant.StateAsync(Token);
        Assert.Equal(isPromoted ? Staged : DataIteratorState.Start, state.Memory.Iterator);
        Assert.Null(state.Outbox);
        Assert.Null(state.Accepted);
        Assert.Equal((1, 1), (state.SettledRound, state.SettledAttempt));
    }

    [Fact]
    public async Task Settling_another_attempt_leaves_the_update_and_its_memory_alone()
    {
        await using var simulation = await StartAsync();
        var participant = await RecordedAsync(simulation);

        await participant.SettleAsync(new("run", 1, 2), Update, Token);

        var state = await participant.StateAsync(Token);
        Assert.Equal(Update, state.Outbox!.Digest);
        Assert.Equal(DataIteratorState.Start, state.Memory.Iterator);
    }

    [Fact]
    public async Task An_update_that_awaits_its_outcome_makes_the_participant_busy_for_any_other_attempt()
    {
        await using var simulation = await StartAsync();
        var participant = await RecordedAsync(simulation);

        Assert.Equal(SiteRefusal.None, await participant.AcceptAsync(First, Token));
        Assert.Equal(SiteRefusal.Busy, await participant.AcceptAsync(new("run", 1, 2), Token));
        Assert.Equal(SiteRefusal.Busy, await participant.AcceptAsync(new("run", 2, 1), Token));

        await participant.SettleAsync(First, Update, Token);
        Assert.Equal(SiteRefusal.None, await participant.AcceptAsync(new("run", 2, 1), Token));
    }

    [Fact]
    public async Task What_is_settled_is_never_accepted_again_nor_anything_before_it()
    {
        await using var simulation = await StartAsync();
        var participant = Participant(simulation);
        await participant.SettleAsync(new("run", 2, 2), default, Token);

        Assert.Equal(SiteRefusal.NotNewer, await participant.AcceptAsync(new("run", 2, 2), Token));
        Assert.Equal(SiteRefusal.NotNewer, await participant.AcceptAsync(new("run", 2, 1), Token));
        Assert.Equal(SiteRefusal.NotNewer, await participant.AcceptAsync(new("run", 1, 9), Token));
        Assert.Equal(SiteRefusal.None, await participant.AcceptAsync(new("run", 2, 3), Token));
    }

    [Fact]
    public async Task Only_the_accepted_attempt_is_recorded_and_only_once()
    {
        await using var simulation = await StartAsync();
        var participant = await RecordedAsync(simulation);

        Assert.True(await participant.RecordAsync(Entry(First, Update), Token));
        Assert.False(await participant.RecordAsync(Entry(First, ContentDigest.Of("another update"u8)), Token));
        await participant.SettleAsync(First, default, Token);
        Assert.False(await participant.RecordAsync(Entry(First, Update), Token));
        Assert.Null((await participant.StateAsync(Token)).Outbox);
    }

    private static Task<FederationSimulation> StartAsync() => FederationSimulation.StartAsync(
        new SimulationOptions { Hospitals = [Toy.Hospital("alpha")], StartHospitals = false }, Token);

    private static IParticipantGrain Participant(FederationSimulation simulation) =>
        simulation.Grains.GetGrain<IParticipantGrain>(SiteKeys.Participant("alpha", "run"));

    private static async Task<IParticipantGrain> RecordedAsync(FederationSimulation simulation)
    {
        var participant = Participant(simulation);
        Assert.Equal(SiteRefusal.None, await participant.AcceptAsync(First, Token));
        Assert.True(await participant.RecordAsync(Entry(First, Update), Token));
        return participant;
    }

    private static OutboxEntry Entry(AttemptId id, ContentDigest digest) => new()
    {
        Id = id,
        Digest = digest,
        NumExamples = 20,
        Staged = new ParticipantMemory { Iterator = Staged },
    };
}

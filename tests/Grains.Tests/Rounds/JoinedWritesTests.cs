using System.Collections.Concurrent;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;

namespace FederatedOrleans.Rounds;

/// <summary>Answers of hospitals that come together are stored together.</summary>
public sealed class JoinedWritesTests : IAsyncLifetime
{
    private readonly Centre _centre = new() { JoinTime = TimeSpan.FromSeconds(10) };

    public ValueTask InitializeAsync() => _centre.InitializeAsync();

    public ValueTask DisposeAsync() => _centre.DisposeAsync();

    [Fact]
    public async Task Answers_that_end_no_phase_wait_for_the_one_that_does_and_are_stored_with_it_at_once()
    {
        var run = await ScriptedRun.BeginAsync(_centre);
        foreach (var hospital in run.Hospitals)
        {
            await run.AssignmentAsync(hospital, AssignmentStage.Invited);
        }

        var written = new ConcurrentQueue<(RoundPhase Phase, int Accepted)>();
        _centre.Storage.Holding = (_, state) =>
        {
            if (state is RoundCoordinatorState coordinator)
            {
                written.Enqueue((
                    coordinator.Round.Phase, coordinator.Round.Participants.Count(participant => participant.Status == ParticipantStatus.Accepted)));
            }

            return Task.CompletedTask;
        };
        var coordinatorGrain = run.Coordinator();
        var first = coordinatorGrain.AnswerAsync(run.Hospitals[0], 1, null);
        var second = coordinatorGrain.AnswerAsync(run.Hospitals[1], 1, null);
        Assert.False(first.IsCompleted);
        var answers = await Task.WhenAll(first, second, coordinatorGrain.AnswerAsync(run.Hospitals[2], 1, null))
            .WaitAsync(TimeSpan.FromSeconds(9), TestContext.Current.CancellationToken);

        Assert.All(answers, verdict => Assert.Equal(RoundVerdict.Applied, verdict));
        Assert.Equal((RoundPhase.Training, 3), written.First());
        _centre.Storage.Holding = null;
        await run.Run.StopAsync("the test is over");
    }
}

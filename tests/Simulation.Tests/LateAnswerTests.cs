namespace FederatedOrleans.Simulation;

public sealed class LateAnswerTests
{
    [Fact]
    public async Task A_question_whose_answer_is_late_is_asked_again()
    {
        var asked = 0;
        Assert.Equal(3, await FederationSimulation.AnswerAsync(() => ++asked < 3 ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(asked)));
    }

    [Fact]
    public async Task Any_other_failure_is_the_askers()
    {
        await Assert.ThrowsAsync<FederationException>(() => FederationSimulation.AnswerAsync(() => Task.FromException<int>(new FederationException("none"))));
        await Assert.ThrowsAsync<TaskCanceledException>(() => FederationSimulation.AnswerAsync(() => Task.FromCanceled<int>(new(canceled: true))));
    }
}

using FederatedOrleans.Evaluation;
using FederatedOrleans.Runs;
using Orleans.Hosting;
using Orleans.Runtime;

namespace FederatedOrleans.Simulation;

/// <summary>What a view of a run says while the run moves on.</summary>
public sealed class RunViewTests
{
    private const string Held = "test.held";

    [Fact]
    public async Task A_view_names_no_event_newer_than_the_status_it_tells()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayEvaluate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions
            {
                Hospitals = [.. Toy.Hospitals.Select(id => Toy.Hospital(id))],
                WrapLink = (_, link) => new HeldEvaluationLink(link, mayEvaluate.Task),

                // Holds the run in the middle of making this test's view, and only that: the run reads results for itself too.
                ConfigureSilo = silo => silo.AddOutgoingGrainCallFilter(async call =>
                {
                    if (call.MethodName == nameof(IEvaluationGrain.ResultsAsync) && RequestContext.Get(Held) is true)
                    {
                        reading.TrySetResult();
                        await mayRead.Task.WaitAsync(deadline.Token);
                    }

                    await call.Invoke();
                }),
            },
            deadline.Token);
        var run = await simulation.SubmitAsync(Toy.Plan(rounds: 1, minimumReports: 4), deadline.Token);
        await simulation.WaitForAsync(run, occurred => occurred.Kind == RunEventKind.RoundCommitted, deadline.Token);
        RequestContext.Set(Held, true);
        var viewing = simulation.Run(run).ViewAsync(deadline.Token);
        RequestContext.Remove(Held);
        await reading.Task.WaitAsync(deadline.Token);
        mayEvaluate.SetResult();
        var completed = await simulation.WaitForAsync(run, occurred => occurred.Status == RunStatus.Completed, deadline.Token);
        mayRead.SetResult();
        var view = (await viewing)!;

        Assert.Equal(RunStatus.Evaluating, view.Summary.Status);
        Assert.True(view.LastEvent < completed.Sequence, "Whoever waits for what comes after this view would miss that the run is completed.");
    }
}

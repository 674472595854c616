using System.Text.Json.Nodes;
using FederatedOrleans.Hosting;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Evaluation;

/// <summary>A run that ends once its hospitals' validation rows say that it gets no better.</summary>
[Collection(nameof(Centre))]
public sealed class EarlyStoppingTests(Centre centre)
{
    [Fact]
    public async Task A_run_ends_when_it_gets_no_better_and_gives_its_best_version()
    {
        var run = await BeginAsync(rounds: 9, patience: 2);
        double[] losses = [0.7, 0.5, 0.6, 0.5];
        for (var round = 1; round <= losses.Length; round++)
        {
            await TrainAsync(run, round);
            if (round == 3)
            {
                // Whoever dies meanwhile: what was measured is known, or measured again.
                await Centre.DeactivateAsync(run.Run);
                await run.Lifecycle.WakeAsync();
            }

            Assert.Contains("decides whether", (await run.Run.WhyAsync())!.Why, StringComparison.Ordinal);
            await EvaluateAsync(run, round, losses[round - 1]);
        }

        var view = await run.StatusAsync(RunStatus.Completed);
        Assert.Equal((4, 2), (view.Summary.CommittedRounds, view.Summary.BestVersion));
        Assert.Contains("2 evaluations in a row brought no better logLoss", view.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await run.Run.DescribeModelAsync(null))!.Version);
        Assert.Equal(4, (await run.Run.DescribeModelAsync(4))!.Version);
        Assert.False((await run.Run.ResumeAsync()).Done);
    }

    [Fact]
    public async Task A_run_that_is_paused_when_it_turns_out_to_get_no_better_is_over()
    {
        var run = await BeginAsync(rounds: 9, patience: 1);
        await TrainAsync(run, 1);
        await EvaluateAsync(run, 1, 0.5);
        await TrainAsync(run, 2);
        Assert.True((await run.Run.PauseAsync("by hand")).Done);
        await EvaluateAsync(run, 2, 0.6);
        var view = await run.StatusAsync(RunStatus.Completed);
        Assert.Equal((2, 1), (view.Summary.CommittedRounds, view.Summary.BestVersion));
    }

    [Fact]
    public async Task A_run_that_gets_better_to_the_end_has_all_its_rounds()
    {
        var run = await BeginAsync(rounds: 3, patience: 1);
        for (var round = 1; round <= 3; round++)
        {
            await TrainAsync(run, round);
            await EvaluateAsync(run, round, 1.0 / round);
        }

        var view = await run.StatusAsync(RunStatus.Completed);
        Assert.Equal((3, 3, null), (view.Summary.CommittedRounds, view.Summary.BestVersion, view.Summary.Reason));
    }

    [Fact]
    public async Task A_run_whose_hospitals_have_no_validation_rows_pauses_and_says_so()
    {
        var run = await BeginAsync(rounds: 3, patience: 1);
        await TrainAsync(run, 1);
        await EvaluateAsync(run, 1, null);
        var view = await run.StatusAsync(RunStatus.Paused);
        Assert.Contains("no hospital reported logLoss on validation rows of version 1", view.Summary.Reason, StringComparison.Ordinal);

        // Resumed, it goes on: the version is judged.
        Assert.True((await run.Run.ResumeAsync()).Done);
        await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Invited, attempt: 2, round: 2);
        await run.Run.StopAsync("the test is over");
    }

    private static async Task TrainAsync(ScriptedRun run, int round)
    {
        await run.TrainAsync(round: round);
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, [round, 0, 0], round: round);
        }

        await run.CommittedAsync(round);
    }

    private async Task EvaluateAsync(ScriptedRun run, int version, double? loss)
    {
        var metrics = new EvaluationMetrics { NumExamples = 40, Accuracy = 0.8, Auc = 0.85, LogLoss = 0.5, MajorityRate = 0.6 };
        metrics = metrics with { Validation = loss is { } value ? metrics with { LogLoss = value } : null };
        foreach (var hospital in run.Hospitals)
        {
            await run.AssignmentAsync(hospital, AssignmentStage.Evaluate, attempt: 0, round: version);
            Assert.True(await centre.Grains.GetGrain<IEvaluationGrain>(GrainKeys.Evaluation(run.Id, version)).ReportAsync(hospital, metrics));
        }
    }

    private Task<ScriptedRun> BeginAsync(int rounds, int patience) => ScriptedRun.BeginAsync(centre, change: plan =>
    {
        plan["rounds"] = rounds;
        plan["evaluation"] = new JsonObject { ["stopEarly"] = new JsonObject { ["patience"] = patience } };
    });
}

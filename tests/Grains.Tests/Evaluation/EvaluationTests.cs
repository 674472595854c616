using FederatedOrleans.Hosting;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Evaluation;

[Collection(nameof(Centre))]
public sealed class EvaluationTests(Centre centre)
{
    private static readonly EvaluationMetrics Metrics = new() { NumExamples = 40, Accuracy = 0.8, Auc = 0.85, LogLoss = 0.5, MajorityRate = 0.6 };

    [Fact]
    public async Task A_run_is_completed_when_all_hospitals_have_evaluated_the_last_model()
    {
        var run = await CommittedAsync();
        foreach (var hospital in run.Hospitals)
        {
            await run.AssignmentAsync(hospital, AssignmentStage.Evaluate, attempt: 0);
            Assert.True(await Evaluation(run).ReportAsync(hospital, Metrics));
            Assert.False(await Evaluation(run).ReportAsync(hospital, Metrics with { Accuracy = 1 }));
        }

        var view = await run.StatusAsync(RunStatus.Completed);
        Assert.Equal(run.Hospitals, view.Latest!.Evaluations.Select(result => result.Hospital));
        Assert.All(view.Latest.Evaluations, result => Assert.Equal(Metrics, result.Metrics));
        Assert.False(await Evaluation(run).ReportAsync("stranger", Metrics));
    }

    [Fact]
    public async Task A_hospital_that_declines_or_is_away_is_not_waited_for_beyond_its_lease()
    {
        var run = await CommittedAsync();
        await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Evaluate, attempt: 0);
        Assert.True(await Evaluation(run).ReportAsync(run.Hospitals[0], Metrics));
        Assert.True(await Evaluation(run).DeclineAsync(run.Hospitals[1], "too few test rows"));
        Assert.Equal(RunStatus.Evaluating, (await run.Run.ViewAsync())!.Summary.Status);

        centre.Time.Pass(TimeSpan.FromMinutes(61));
        await run.StatusAsync(RunStatus.Completed);
        Assert.False(await Evaluation(run).ReportAsync(run.Hospitals[2], Metrics));
    }

    [Theory]
    [InlineData(nameof(WriteFault.NotStored))]
    [InlineData(nameof(WriteFault.StoredButNotTold))]
    public async Task An_end_whose_write_fails_still_completes_the_run(string fault)
    {
        var run = await CommittedAsync();
        centre.Storage.FailOnce((_, key, value) => key == GrainKeys.Evaluation(run.Id, 1) && value is EvaluationState { Ended: true }
            ? Enum.Parse<WriteFault>(fault) : WriteFault.None);
        foreach (var hospital in run.Hospitals)
        {
            await run.AssignmentAsync(hospital, AssignmentStage.Evaluate, attempt: 0);
            Assert.True(await Evaluation(run).ReportAsync(hospital, Metrics));
        }

        await run.StatusAsync(RunStatus.Completed);
    }

    [Fact]
    public async Task An_evaluation_whose_grains_die_goes_on()
    {
        var run = await CommittedAsync();
        await run.AssignmentAsync(run.Hospitals[0], AssignmentStage.Evaluate, attempt: 0);
        Assert.True(await Evaluation(run).ReportAsync(run.Hospitals[0], Metrics));
        await Centre.DeactivateAsync(Evaluation(run));
        await Centre.DeactivateAsync(run.Run);
        await Centre.DeactivateAsync(run.Hospital(run.Hospitals[1]));
        await run.Lifecycle.WakeAsync();
        foreach (var hospital in run.Hospitals[1..])
        {
            await run.AssignmentAsync(hospital, AssignmentStage.Evaluate, attempt: 0);
            Assert.True(await Evaluation(run).ReportAsync(hospital, Metrics));
        }

        Assert.Equal(3, (await run.StatusAsync(RunStatus.Completed)).Latest!.Evaluations.Length);
    }

    private async Task<ScriptedRun> CommittedAsync()
    {
        var run = await ScriptedRun.BeginAsync(centre);
        await run.TrainAsync();
        foreach (var hospital in run.Hospitals)
        {
            await run.UploadAsync(hospital, [1, 1, 1]);
        }

        await run.StatusAsync(RunStatus.Evaluating);
        return run;
    }

    private IEvaluationGrain Evaluation(ScriptedRun run) => centre.Grains.GetGrain<IEvaluationGrain>(GrainKeys.Evaluation(run.Id, 1));
}

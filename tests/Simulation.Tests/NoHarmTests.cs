using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Simulation;

/// <summary>A run whose model does harm is held, and one whose does not is not.</summary>
public sealed class NoHarmTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task On_real_data_a_model_that_is_worse_for_two_hospitals_is_held_and_one_that_serves_all_of_its_own_is_not()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions { Hospitals = [.. await HeartDisease.HospitalsAsync(deadline.Token)] }, deadline.Token);
        byte[] Plan(params string[] hospitals) => HeartDisease.Plan(plan =>
        {
            plan["training"]!["learningRate"] = 0.01;
            plan["hospitals"] = new JsonArray([.. hospitals.Select(hospital => (JsonNode)hospital)]);
            plan["round"]!["goalCount"] = hospitals.Length;
            plan["round"]!["minimumReports"] = hospitals.Length;
            plan["evaluation"] = JsonNode.Parse("""{ "everyRounds": 100, "noHarm": { "delta": 0.02, "baselines": ["local", "majority"] } }""");
        });

        var harmful = await simulation.SubmitAsync(Plan(HeartDisease.Hospitals), deadline.Token);
        var held = await simulation.CompletionAsync(harmful, deadline.Token);
        Assert.Equal(RunStatus.Held, held.Status);
        var metrics = (await simulation.VersionsAsync(harmful, deadline.Token))[^1].Evaluations.ToDictionary(evaluation => evaluation.Hospital, evaluation => evaluation.Metrics);
        foreach (var hospital in new[] { "switzerland", "va" })
        {
            Assert.True(metrics[hospital].Accuracy < metrics[hospital].Local!.Accuracy - 0.02);
            Assert.Contains($"at {hospital} its accuracy is", held.Reason, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("cleveland", held.Reason, StringComparison.Ordinal);
        Assert.All(metrics.Values, each => Assert.True(each is { BalancedAccuracy: >= 0 and <= 1, F1: >= 0 and <= 1, CalibrationError: >= 0 and <= 1 }));

        var harmless = await simulation.SubmitAsync(Plan("cleveland", "hungarian"), deadline.Token);
        Assert.Equal((RunStatus.Completed, null), await StandingAsync(simulation, harmless, deadline.Token));
    }

    [Fact]
    public async Task A_held_model_is_taken_by_nobody_until_an_operator_lets_it_go()
    {
        await using var federation = await TestFederation.StartAsync();
        var (simulation, token) = (federation.Simulation, federation.Token);
        var run = await simulation.SubmitAsync(Plan("""{ "delta": 0, "metric": "logLoss", "baselines": ["local"] }""", rate: 0.1), token);
        Assert.Equal(RunStatus.Held, (await StandingAsync(simulation, run, token)).Status);

        var grain = simulation.Run(run);
        Assert.NotNull(await grain.DescribeModelAsync(1, token));
        Assert.Contains("held back", (await Assert.ThrowsAsync<FederationException>(() => grain.DescribeModelAsync(null, token))).Message, StringComparison.Ordinal);
        Assert.Contains("an operator releases it", (await grain.WhyAsync(token))!.Why, StringComparison.Ordinal);
        Assert.False((await grain.ResumeAsync(token)).Done);
        var fault = Assert.Single((await simulation.Federation.SubmitAsync(new() { Submission = Guid.NewGuid(), Plan = From(run) }, token)).Faults);
        Assert.Equal("$.model.from", fault.Path);
        Assert.Contains("held back", fault.Message, StringComparison.Ordinal);

        Assert.True((await grain.ReleaseAsync("looked at", token)).Done);
        Assert.Equal(RunStatus.Completed, (await StandingAsync(simulation, run, token)).Status);
        Assert.NotNull(await grain.DescribeModelAsync(null, token));
        Assert.False((await grain.ReleaseAsync("again", token)).Done);
    }

    [Fact]
    public async Task The_model_in_use_is_a_baseline_that_a_worse_one_does_not_replace()
    {
        await using var federation = await TestFederation.StartAsync();
        var (simulation, token) = (federation.Simulation, federation.Token);
        var good = await simulation.SubmitAsync(Plan(null, rate: 1), token);
        Assert.Equal(RunStatus.Completed, (await StandingAsync(simulation, good, token)).Status);
        var rule = $$"""{ "delta": 0.01, "metric": "logLoss", "baselines": ["incumbent"], "incumbent": { "run": "{{good}}" } }""";

        var worse = await simulation.SubmitAsync(Plan(rule, rate: 1e-6), token);
        var (status, reason) = await StandingAsync(simulation, worse, token);
        Assert.Equal(RunStatus.Held, status);
        Assert.Contains("that of the incumbent baseline", reason, StringComparison.Ordinal);
        var same = await simulation.SubmitAsync(Plan(rule, rate: 1), token);
        Assert.Equal(RunStatus.Completed, (await StandingAsync(simulation, same, token)).Status);
        var last = (await simulation.VersionsAsync(same, token))[^1];
        Assert.All(last.Evaluations, evaluation => Assert.Equal(evaluation.Metrics.LogLoss, evaluation.Metrics.Incumbent!.LogLoss));

        var unknown = Plan("""{ "delta": 0.01, "baselines": ["incumbent"], "incumbent": { "run": "no-such" } }""", rate: 1);
        Assert.Equal("$.evaluation.noHarm.incumbent", Assert.Single((await simulation.Federation.SubmitAsync(new() { Submission = Guid.NewGuid(), Plan = unknown }, token)).Faults).Path);
    }

    [Fact]
    public async Task A_hospital_that_trains_a_model_and_cannot_measure_it_holds_it()
    {
        await using var federation = await TestFederation.StartAsync((link, token) => new HeldEvaluationLink(link, Task.Delay(Timeout.Infinite, token)));
        var run = await federation.Simulation.SubmitAsync(Plan("""{ "delta": 1, "baselines": ["majority"] }""", rate: 0.1, deadline: "00:00:02"), federation.Token);
        var (status, reason) = await StandingAsync(federation.Simulation, run, federation.Token);
        Assert.Equal(RunStatus.Held, status);
        Assert.Contains($"{TestFederation.Victim} has not measured it", reason, StringComparison.Ordinal);
        Assert.True((await federation.Simulation.Run(run).StopAsync("not worth it", federation.Token)).Done);
        await Assert.ThrowsAsync<FederationException>(() => federation.Simulation.Run(run).DescribeModelAsync(null, federation.Token));
    }

    [Fact]
    public async Task Any_committed_version_can_be_evaluated_and_all_rows_together_are_told()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        await using var simulation = await FederationSimulation.StartAsync(
            new SimulationOptions { Hospitals = [.. await HeartDisease.HospitalsAsync(deadline.Token)] }, deadline.Token);
        var run = await simulation.SubmitAsync(
            HeartDisease.Plan(plan =>
            {
                plan.WithAllFour()["rounds"] = 3;
                plan["training"]!["learningRate"] = 0.1;
                plan["evaluation"] = JsonNode.Parse("""{ "everyRounds": 100, "scoreHistograms": true }""");
            }),
            deadline.Token);
        await simulation.CompletionAsync(run, deadline.Token);
        var versions = await simulation.VersionsAsync(run, deadline.Token);
        Assert.Equal([0, 0, 4], versions.Select(version => version.Evaluations.Length));
        var pooled = versions[2].Pooled!;
        Assert.Equal((4, 254L), (pooled.Hospitals, pooled.NumExamples));

        // Of Switzerland's test rows too few are healthy: its owner gives none. Ten rows to an interval are coarse for so few.
        Assert.Equal(3, pooled.Histograms);
        Assert.All(versions[2].Evaluations, evaluation => Assert.Null(evaluation.Metrics.Scores));
        Assert.InRange(pooled.Auc!.Value, 0.5, 1);
        Assert.InRange(pooled.AucBound!.Value, 0.01, 0.5);

        var grain = simulation.Run(run);
        Assert.False((await grain.EvaluateAsync(4, deadline.Token)).Done);
        Assert.True((await grain.EvaluateAsync(1, deadline.Token)).Done);
        var measured = new HashSet<string>(StringComparer.Ordinal);
        await simulation.WaitForAsync(
            run,
            occurred => occurred is { Kind: RunEventKind.HospitalEvaluated, Round: 1, Hospital: { } hospital } && measured.Add(hospital) && measured.Count == 4,
            deadline.Token);
        Assert.Equal(4, (await grain.VersionsAsync(1, 1, deadline.Token))[0].Evaluations.Length);
        Assert.Equal(RunStatus.Completed, (await StandingAsync(simulation, run, deadline.Token)).Status);
        Assert.Contains("every hospital has", (await grain.EvaluateAsync(1, deadline.Token)).Reason, StringComparison.Ordinal);
    }

    private static async Task<(RunStatus Status, string? Reason)> StandingAsync(FederationSimulation simulation, string run, CancellationToken cancellationToken)
    {
        var summary = await simulation.CompletionAsync(run, cancellationToken);
        return (summary.Status, summary.Reason);
    }

    private static byte[] From(string run)
    {
        var plan = JsonNode.Parse(Plan(null, rate: 0.1))!;
        plan["model"]!["initial"] = "committed";
        plan["model"]!["from"] = new JsonObject { ["run"] = run };
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    private static byte[] Plan(string? rule, double rate, string deadline = "00:01:00")
    {
        var plan = JsonNode.Parse(Toy.Plan(rounds: 1, minimumReports: 4))!.AsObject();
        plan["training"]!["learningRate"] = rate;
        plan["evaluation"] = new JsonObject { ["deadline"] = deadline };
        if (rule is not null)
        {
            plan["evaluation"]!["noHarm"] = JsonNode.Parse(rule);
        }

        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }
}

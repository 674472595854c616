using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Evaluation;

/// <summary>Whether a model does harm.</summary>
public sealed class NoHarmTests
{
    private static readonly NoHarmPlan Rule = new() { Metric = "accuracy", Delta = 0.05, Baselines = NoHarm.Baselines };

    [Theory]
    [InlineData(0.8, 0.8, 0.8, 0.6, "")]
    [InlineData(0.7, 0.8, 0.75, 0.6, "incumbent")]
    [InlineData(0.5, 0.5, 0.8, 0.6, "local majority")]
    [InlineData(0.9, 0.5, 0.5, 0.96, "majority")]
    public void It_does_where_a_baseline_is_better_by_more_than_delta(double value, double incumbent, double local, double majority, string harmed)
    {
        var metrics = Of(value, majority) with { Incumbent = Of(incumbent, majority), Local = Of(local, majority) };
        var harms = NoHarm.Judge(Rule, [("fine", Of(1, 0.5) with { Incumbent = Of(1, 0.5), Local = Of(1, 0.5) }), ("one", metrics)]);

        Assert.All(harms, harm => Assert.Equal(("one", value), (harm.Hospital, harm.Value)));
        Assert.Equal(harmed, string.Join(' ', harms.Select(harm => harm.Baseline)));
    }

    [Fact]
    public void A_baseline_that_was_not_measured_may_be_better() => Assert.Equal(
        [new Harm("one", "incumbent", 0.9, null), new Harm("one", "local", 0.9, null)], NoHarm.Judge(Rule, [("one", Of(0.9, 0.5))]));

    [Fact]
    public void Validation_rows_decide_where_there_are_any()
    {
        var metrics = Of(0.9, 0.5) with { Validation = Of(0.6, 0.5), Local = Of(0.7, 0.5) with { Validation = Of(0.8, 0.5) } };
        Assert.Equal([new Harm("one", "local", 0.6, 0.8)], NoHarm.Judge(Rule with { Baselines = ["local"] }, [("one", metrics)]));
        Assert.Empty(NoHarm.Judge(Rule with { Baselines = ["local"] }, [("one", metrics with { Validation = null, Local = Of(0.7, 0.5) })]));
    }

    [Fact]
    public void Of_a_loss_less_is_better_and_what_cannot_be_measured_says_nothing()
    {
        var loss = Rule with { Metric = "logLoss", Baselines = ["local"] };
        Assert.Empty(NoHarm.Judge(loss, [("one", Of(0.9, 0.5) with { Local = Of(0.7, 0.5) })]));
        Assert.Single(NoHarm.Judge(loss, [("one", Of(0.7, 0.5) with { Local = Of(0.9, 0.5) })]));

        var auc = Rule with { Metric = "auc", Baselines = ["local"] };
        Assert.Empty(NoHarm.Judge(auc, [("one", Of(0.7, 0.5) with { Local = Of(0.9, 0.5) })]));

        Assert.Equal([new Harm("one", "majority", null, null)], NoHarm.Judge(Rule with { Metric = "rootMeanSquaredError", Baselines = ["majority"] }, [("one", Of(0.9, 0.5))]));
        var error = Rule with { Metric = "rootMeanSquaredError", Delta = 1, Baselines = ["majority"] };
        EvaluationMetrics Numeric(double off) => Of(0, 0) with { Regression = new() { RootMeanSquaredError = off, MeanAbsoluteError = off, LabelDeviation = 10 } };
        Assert.Empty(NoHarm.Judge(error, [("one", Numeric(11))]));
        Assert.Equal([new Harm("one", "majority", 11.5, 10)], NoHarm.Judge(error, [("one", Numeric(11.5))]));
    }

    [Theory]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"local\",\"majority\"]}", null, null)]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"incumbent\"],\"incumbent\":{\"run\":\"study-1\"}}", null, null)]
    [InlineData("{\"baselines\":[\"local\"]}", "$.evaluation.noHarm.delta", "is required")]
    [InlineData("{\"delta\":0.1}", "$.evaluation.noHarm.baselines", "is required")]
    [InlineData("{\"delta\":0.1,\"baselines\":[]}", "$.evaluation.noHarm.baselines", "at least one of")]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"locale\"]}", "$.evaluation.noHarm.baselines", "did you mean 'local'?")]
    [InlineData("{\"delta\":2,\"baselines\":[\"local\"]}", "$.evaluation.noHarm.delta", "from 0 to 1")]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"incumbent\"]}", "$.evaluation.noHarm.incumbent", "which run's model is in use")]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"local\"],\"incumbent\":{\"run\":\"study-1\"}}", "$.evaluation.noHarm.incumbent", "none of the baselines")]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"majority\"],\"metric\":\"logLoss\"}", "$.evaluation.noHarm.baselines", "is not known")]
    [InlineData("{\"delta\":0.1,\"baselines\":[\"local\"],\"metric\":\"rootMeanSquaredError\"}", "$.evaluation.noHarm.metric", "a binary label does not have")]
    public void A_rule_that_cannot_be_is_told(string json, string? path, string? message)
    {
        var plan = JsonNode.Parse(File.ReadAllText(RepositoryFiles.At("samples", "plans", "fed-heart-disease.json")))!;
        plan["evaluation"]!["noHarm"] = JsonNode.Parse(json);
        var faults = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(plan.ToJsonString())).Faults;
        if (path is null)
        {
            Assert.Empty(faults);
            return;
        }

        Assert.Equal(path, faults[0].Path);
        Assert.Contains(message!, faults[0].Message, StringComparison.Ordinal);
    }

    private static EvaluationMetrics Of(double accuracy, double majority) =>
        new() { NumExamples = 20, Accuracy = accuracy, LogLoss = 1 - accuracy, MajorityRate = majority };
}

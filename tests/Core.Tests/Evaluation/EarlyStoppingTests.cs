using FederatedOrleans.Plans;

namespace FederatedOrleans.Evaluation;

/// <summary>Whether a run gets better still.</summary>
public sealed class EarlyStoppingTests
{
    private static readonly EarlyStoppingPlan Plan = new() { Patience = 2 };

    [Theory]
    [InlineData("logLoss", 0.0, new[] { 0.9, 0.8, 0.85, 0.8 }, 2, 2)]
    [InlineData("accuracy", 0.0, new[] { 0.5, 0.6, 0.6, 0.7, 0.65 }, 4, 1)]
    [InlineData("accuracy", 0.15, new[] { 0.5, 0.6, 0.64 }, 1, 2)]
    [InlineData("auc", 0.0, new[] { 0.5 }, 1, 0)]
    public void The_best_version_and_those_after_it_are_counted(string metric, double change, double[] values, int best, int worse)
    {
        var plan = Plan with { Metric = metric, MinimumChange = change };
        var state = new EarlyStoppingState();
        foreach (var (index, value) in values.Index())
        {
            state = EarlyStopping.Judge(plan, state, index + 1, value);
        }

        Assert.Equal((best, worse, values.Length), (state.Best, state.Worse, state.Judged));
        Assert.Equal(worse >= 2, EarlyStopping.Ends(plan, state));
    }

    [Fact]
    public void The_mean_is_weighted_by_the_rows_of_the_hospitals_that_have_the_metric()
    {
        EvaluationMetrics Of(long rows, double accuracy, double? auc) =>
            new() { NumExamples = rows, Accuracy = accuracy, Auc = auc, LogLoss = 1 - accuracy, MajorityRate = 0.5 };
        EvaluationMetrics?[] all = [Of(30, 0.8, 0.9), null, Of(10, 0.4, null)];

        Assert.Equal(0.7, EarlyStopping.MeanOf(Plan with { Metric = "accuracy" }, all)!.Value, 12);
        Assert.Equal(0.3, EarlyStopping.MeanOf(Plan, all)!.Value, 12);
        Assert.Equal(0.9, EarlyStopping.MeanOf(Plan with { Metric = "auc" }, all)!.Value, 12);
        Assert.Null(EarlyStopping.MeanOf(Plan, [null, null]));
    }
}

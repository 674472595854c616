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
    [InlineData("rootMeanSquaredError", 1.0, new[] { 20, 12, 11.5, 10.5 }, 4, 0)]
    public void The_best_version_and_those_after_it_are_counted(string metric, double change, double[] values, int best, int worse)
    {
        var plan = Plan with { Metric = metric, MinimumChange = change };
        var state = new EarlyStoppingState();
        foreach (var (index, value) in values.Index())
        {
            state = EarlyStopping.Judge(plan, state, index + 1, [new("one", value, 10)]);
        }

        Assert.Equal((best, worse, values.Length), (state.Best, state.Worse, state.Judged));
        Assert.Equal(worse >= 2, EarlyStopping.Ends(plan, state));
    }

    [Fact]
    public void Versions_are_compared_over_the_hospitals_that_measured_both_weighted_by_their_rows()
    {
        var first = EarlyStopping.Judge(Plan, new(), 1, [new("easy", 0.3, 30), new("hard", 1.5, 10)]);

        // The hard one is away: the other is worse by itself, though the mean of what is there is better.
        Assert.Equal((1, 1), Best(EarlyStopping.Judge(Plan, first, 2, [new("easy", 0.31, 30)])));
        Assert.Equal((2, 0), Best(EarlyStopping.Judge(Plan, first, 2, [new("easy", 0.29, 30)])));

        // A loss of 30 x 0.1 against a gain of 10 x 0.29, then of 10 x 0.31.
        Assert.Equal((1, 1), Best(EarlyStopping.Judge(Plan, first, 2, [new("easy", 0.4, 30), new("hard", 1.21, 10)])));
        Assert.Equal((2, 0), Best(EarlyStopping.Judge(Plan, first, 2, [new("easy", 0.4, 30), new("hard", 1.19, 10)])));

        // Nobody in common tells nothing.
        Assert.Equal((1, 1), Best(EarlyStopping.Judge(Plan, first, 2, [new("other", 0, 1)])));
        static (int Best, int Worse) Best(EarlyStoppingState state) => (state.Best, state.Worse);
    }

    [Fact]
    public void Hospitals_without_the_metric_are_passed_over()
    {
        EvaluationMetrics Of(long rows, double accuracy, double? auc) =>
            new() { NumExamples = rows, Accuracy = accuracy, Auc = auc, LogLoss = 1 - accuracy, MajorityRate = 0.5 };
        (string, EvaluationMetrics?)[] all = [("aa", Of(30, 0.8, 0.9)), ("bb", null), ("cc", Of(10, 0.4, null))];

        Assert.Equal([new("aa", 0.8, 30), new("cc", 0.4, 10)], EarlyStopping.ValuesOf(Plan with { Metric = "accuracy" }, all));
        Assert.Equal([new("aa", 0.9, 30)], EarlyStopping.ValuesOf(Plan with { Metric = "auc" }, all));
        Assert.Empty(EarlyStopping.ValuesOf(Plan, [("aa", null)]));
    }
}

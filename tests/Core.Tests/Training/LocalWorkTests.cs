using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

/// <summary>How much a hospital does, and how its step size changes.</summary>
public sealed class LocalWorkTests
{
    private static readonly TrainingPlan Plan = new()
    {
        Version = 1,
        Name = "work",
        Dataset = new() { Name = "rows", Schema = new() { Features = [new() { Name = "x" }], Label = "y" } },
        Model = new() { Kind = "logistic-regression" },
        Training = new() { LearningRate = 0.5, BatchSize = 4, Epochs = 3 },
        Rounds = 11,
    };

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 3)]
    [InlineData(5, 6)]
    [InlineData(199, 150)]
    public void Passes_are_as_many_batches_as_the_rows_make(long rows, long steps)
    {
        Assert.Equal(steps, LocalWork.Steps(Plan.Training, rows));
        Assert.Equal(steps, LocalWork.Norm(Plan, 1, rows));
        Assert.Equal(7, LocalWork.Steps(Plan.Training with { Steps = 7, Epochs = null }, rows));
    }

    [Fact]
    public void A_proximal_term_lets_earlier_gradients_fade()
    {
        var plan = Plan with { Training = Plan.Training with { Objective = new() { Name = "fedprox", Mu = 0.2 } } };
        Assert.Equal((1 - Math.Pow(1 - 0.1, 6)) / 0.1, LocalWork.Norm(plan, 1, 5), 1e-12);

        // So long that all of it has faded: 1 / alpha.
        Assert.Equal(10, LocalWork.Norm(plan with { Training = plan.Training with { Epochs = null, Steps = 1_000_000 } }, 1, 5), 1e-9);
        Assert.Equal(6, LocalWork.Norm(plan with { Training = plan.Training with { Objective = new() { Name = "fedprox" } } }, 1, 5));

        // So weak that nothing has, though there are more steps than could be counted one by one.
        var weak = plan with { Training = plan.Training with { BatchSize = 1, LearningRate = 1e-6, Objective = new() { Name = "fedprox", Mu = 1e-9 } } };
        Assert.Equal(3e9, LocalWork.Norm(weak, 1, 1_000_000_000), 3e9 * 2e-6);
    }

    [Fact]
    public void The_learning_rate_follows_the_schedule()
    {
        Assert.Equal([0.5, 0.5, 0.5], Rates(new(), 1, 6, 11));
        Assert.Equal([0.5, 0.5, 0.25, 0.25, 0.125], Rates(new() { Name = "step", EveryRounds = 2, Factor = 0.5 }, 1, 2, 3, 4, 5));
        Assert.Equal([0.5, 0.3, 0.1], Rates(new() { Name = "cosine", LastFactor = 0.2 }, 1, 6, 11), (expected, rate) => Math.Abs(expected - rate) < 1e-9);
    }

    [Fact]
    public void No_schedule_comes_to_a_stop()
    {
        Assert.Equal(0.5e-6, Rates(new() { Name = "cosine" }, 11)[0]);
        Assert.Equal(0.5e-6, Rates(new() { Name = "step", EveryRounds = 1, Factor = 0.01 }, 100_000)[0]);
        Assert.Equal(0.5, LearningRateSchedules.RateAt(Plan with { Rounds = 1, Training = Plan.Training with { Schedule = new() { Name = "cosine" } } }, 1));
    }

    private static ImmutableArray<double> Rates(LearningRateSchedulePlan schedule, params int[] rounds) =>
        [.. rounds.Select(round => LearningRateSchedules.RateAt(Plan with { Training = Plan.Training with { Schedule = schedule } }, round))];
}

using CsCheck;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Training;

public sealed class SgdTrainerTests
{
    private static readonly SgdTrainer Trainer = new(_ => new LogisticLoss());

    [Fact]
    public void Momentum_carries_steps_on_and_begins_anew_each_round()
    {
        // v' = m v + g, y' = y - lr v', by hand on the first batches of the toy's rows.
        var plan = Toy.Plan(learningRate: 0.1, batch: 4, steps: 3, shuffle: false, standardization: "none");
        plan = plan with { Training = plan.Training with { Momentum = 0.9 } };
        var data = PreparedDataset.For(plan, Toy.Dataset(20));
        var (weights, velocity) = (new double[4], new double[4]);
        for (var step = 0; step < 3; step++)
        {
            var gradient = new double[4];
            new LogisticLoss().AddGradient(weights, data.Train, [.. Enumerable.Range(step * 4, 4)], gradient);
            for (var i = 0; i < 4; i++)
            {
                velocity[i] = (0.9 * velocity[i]) + (gradient[i] / 4);
                weights[i] -= 0.1 * velocity[i];
            }
        }

        var request = new TrainingRequest
        {
            Plan = plan, Hospital = "va", Round = 1, Data = data, Model = ParameterVector.Zeros(4), Iterator = DataIteratorState.Start,
        };
        var result = Trainer.Train(request, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(weights.Zip(result.Update.Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(result.Update.Digest, Trainer.Train(request with { Round = 2 }, cancellationToken: TestContext.Current.CancellationToken).Update.Digest);
    }

    [Fact]
    public void Every_kind_of_model_has_a_trainer()
    {
        Assert.Equal(ModelKinds.Names.Except([ModelKinds.ConvolutionalNetwork]).Order(StringComparer.Ordinal), Trainers.BuiltIn.Kinds);
        Assert.All(Trainers.BuiltIn.Kinds, kind => Assert.NotNull(Trainers.BuiltIn.For(Toy.Plan() with { Model = new() { Kind = kind } })));
        Assert.Throws<ArgumentException>(() => Trainers.BuiltIn.For(Toy.Plan() with { Model = new() { Kind = "cnn" } }));
    }

    [Theory]
    [InlineData(1, 4, 7)]
    [InlineData(10, 4, 7)]
    [InlineData(17, 1, 40)]
    [InlineData(17, 100, 3)]
    public void Steps_agree_with_a_plain_loop(int rows, int batch, int steps)
    {
        var plan = Toy.Plan(learningRate: 0.3, batch: batch, steps: steps, shuffle: false);
        var data = PreparedDataset.For(plan, Toy.Dataset(rows));
        var start = new ParameterVector([0.1f, -0.2f, 0.3f, 0.05f]);
        var result = Train(plan, data, start);

        double[] weights = [.. start.Span.ToArray().Select(value => (double)value)];
        for (var (step, position) = (0, 0); step < steps; step++)
        {
            position = position == rows ? 0 : position;
            var size = Math.Min(batch, rows - position);
            var gradient = new double[4];
            for (var row = position; row < position + size; row++)
            {
                var x = data.Train.Row(row);
                var error = (1 / (1 + Math.Exp(-((weights[0] * x[0]) + (weights[1] * x[1]) + (weights[2] * x[2]) + weights[3])))) - data.Train.Label(row);
                for (var i = 0; i < 3; i++)
                {
                    gradient[i] += error * x[i] / size;
                }

                gradient[3] += error / size;
            }

            for (var i = 0; i < 4; i++)
            {
                weights[i] -= 0.3 * gradient[i];
            }

            position += size;
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(weights[i] - start.Span[i], result.Update.Span[i], 1e-6);
        }

        Assert.Equal(rows, result.NumExamples);
    }

    [Fact]
    public void The_same_request_gives_the_same_bits() =>
        Assert.Equal(Train(Toy.Plan(), Data(30)).Update.Digest, Train(Toy.Plan(), Data(30)).Update.Digest);

    [Fact]
    public void Another_hospital_shuffles_otherwise()
    {
        var data = Data(30);
        Assert.NotEqual(Train(Toy.Plan(), data, hospital: "one").Update.Digest, Train(Toy.Plan(), data, hospital: "two").Update.Digest);
    }

    // Rounds of 3 steps one after the other see the same batches as one of 21, in the middle of passes too.
    [Fact]
    public void Iterator_lives_across_rounds()
    {
        var state = DataIteratorState.Start;
        var batches = new List<int[]>();
        for (var round = 0; round < 7; round++)
        {
            var iterator = new BatchIterator(Toy.Plan(), "va", 11, state);
            for (var step = 0; step < 3; step++)
            {
                batches.Add(iterator.Next().ToArray());
            }

            state = iterator.State;
        }

        var whole = new BatchIterator(Toy.Plan(), "va", 11, DataIteratorState.Start);
        Assert.All(batches, batch => Assert.Equal(whole.Next().ToArray(), batch));
        Assert.Equal(whole.State, state);
    }

    [Fact]
    public void A_pass_takes_every_row_once_whatever_the_batch() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 60], Gen.Bool).Sample((rows, batch, shuffle) =>
        {
            var iterator = new BatchIterator(Toy.Plan(batch: batch, shuffle: shuffle), "va", rows, DataIteratorState.Start);
            for (var pass = 0; pass < 3; pass++)
            {
                var seen = new List<int>();
                for (var step = 0; step < LocalWork.BatchesPerPass(rows, batch); step++)
                {
                    seen.AddRange(iterator.Next());
                }

                Assert.Equal(new DataIteratorState { Pass = pass, Position = rows }, iterator.State);
                Assert.Equal(Enumerable.Range(0, rows), shuffle ? seen.Order() : seen);
            }
        }, iter: 200);

    [Fact]
    public void Passes_are_shuffled_anew()
    {
        var iterator = new BatchIterator(Toy.Plan(batch: 100), "va", 100, DataIteratorState.Start);
        Assert.NotEqual(iterator.Next().ToArray(), iterator.Next().ToArray());
    }

    [Fact]
    public void Epochs_are_whole_passes()
    {
        var result = Train(Toy.Plan(batch: 4, steps: null, epochs: 3), Data(10));
        Assert.Equal(new DataIteratorState { Pass = 2, Position = 10 }, result.Next);
    }

    [Fact]
    public void An_iterator_of_other_rows_is_refused() =>
        Assert.Throws<ArgumentException>(() => new BatchIterator(Toy.Plan(), "va", 10, new() { Position = 11 }));

    [Fact]
    public void Training_lowers_the_loss()
    {
        var data = Data(100);
        var first = Train(Toy.Plan(steps: null, epochs: 1), data);
        var later = Train(Toy.Plan(steps: null, epochs: 1), data, first.Update);

        Assert.InRange(first.MeanLoss, 0.1, Math.Log(2));
        Assert.True(later.MeanLoss < first.MeanLoss);
    }

    [Fact]
    public void Leaving_the_finite_numbers_is_a_failure_of_its_own()
    {
        var data = PreparedDataset.For(Toy.Plan(standardization: "none"), Toy.Dataset(20, scale: 1e38f));
        var failure = Assert.Throws<TrainingDivergedException>(() => Train(Toy.Plan(learningRate: 100, steps: 1000, standardization: "none"), data));

        Assert.InRange(failure.Step, 1, 1000);
    }

    [Fact]
    public void A_start_that_is_not_finite_is_a_failure_of_its_own() =>
        Assert.Throws<TrainingDivergedException>(() => Train(Toy.Plan(), Data(20), new([float.NaN, 0, 0, 0])));

    [Fact]
    public void Cancellation_stops_within_a_step()
    {
        using var source = new CancellationTokenSource();
        var seen = 0L;
        var progress = new Callback(report =>
        {
            seen = report.StepsDone;
            source.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Request(Toy.Plan(steps: 1000), Data(20), null, "va"), progress, source.Token));
        Assert.Equal(10, seen);
    }

    [Fact]
    public void Progress_ends_at_the_last_step()
    {
        var reports = new List<TrainingProgress>();
        Trainer.Train(Request(Toy.Plan(steps: 250), Data(20), null, "va"), new Callback(reports.Add), TestContext.Current.CancellationToken);

        Assert.Equal(new(250, 250), reports[^1]);
        Assert.InRange(reports.Count, 50, 150);
    }

    [Fact]
    public void A_proximal_term_keeps_the_local_model_near_the_global_one_and_none_leaves_the_very_bits()
    {
        var data = Data(100);
        TrainingPlan With(double mu) => Toy.Plan(learningRate: 0.3, steps: 200) is var plan
            ? plan with { Training = plan.Training with { Objective = new() { Name = "fedprox", Mu = mu } } } : plan;
        var plain = Train(Toy.Plan(learningRate: 0.3, steps: 200), data).Update;
        double[] norms = [plain.Norm(), .. new[] { 0.1, 1, 5 }.Select(mu => Train(With(mu), data).Update.Norm())];

        Assert.Equal(plain.Digest, Train(With(0), data).Update.Digest);
        Assert.Equal(norms.OrderDescending(), norms);
        Assert.InRange(norms[3], 0.01 * norms[0], 0.3 * norms[0]);
    }

    [Fact]
    public void With_control_variates_the_update_is_the_models_and_theirs()
    {
        var plan = Toy.Plan(learningRate: 0.25, batch: 5, steps: 4, shuffle: false);
        var scaffold = plan with { Training = plan.Training with { Objective = new() { Name = "scaffold" } } };
        var data = Data(20);
        var plain = Train(plan, data).Update;
        var first = Trainer.Train(Request(scaffold, data, null, "va"), cancellationToken: TestContext.Current.CancellationToken);

        // Before the first round all are zero: the model moves as without, and the control variate becomes the mean gradient.
        Assert.Equal(plain.Span.ToArray(), first.Update.Span[..4].ToArray());
        Assert.Equal(first.OwnControl!.Span.ToArray(), first.Update.Span[4..].ToArray());
        Assert.Equal(plain.Span.ToArray().Select(moved => -moved / (4 * 0.25f)), first.OwnControl.Span.ToArray(), (one, other) => Math.Abs(one - other) < 1e-6);

        // The same correction at the centre as at the hospital is none.
        var second = Trainer.Train(
            Request(scaffold, data, null, "va") with { Control = first.OwnControl, OwnControl = first.OwnControl },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(plain.Span.ToArray(), second.Update.Span[..4].ToArray());
        Assert.All(second.Update.Span[4..].ToArray(), change => Assert.InRange(change, -1e-6, 1e-6));
    }

    [Fact]
    public void The_learning_rate_is_the_rounds()
    {
        var plan = Toy.Plan(learningRate: 0.4, steps: 1);
        plan = plan with { Training = plan.Training with { Schedule = new() { Name = "step", EveryRounds = 2, Factor = 0.5 } } };
        ParameterVector At(int round) =>
            Trainer.Train(Request(plan, Data(20), null, "va") with { Round = round }, cancellationToken: TestContext.Current.CancellationToken).Update;

        Assert.Equal(At(1).Digest, At(2).Digest);
        Assert.Equal(At(1).Span.ToArray().Select(value => value / 2), At(3).Span.ToArray());
    }

    [Fact]
    public void A_model_of_another_size_is_refused() => Assert.Throws<ArgumentException>(() => Train(Toy.Plan(), Data(20), ParameterVector.Zeros(5)));

    private static PreparedDataset Data(int rows) => PreparedDataset.For(Toy.Plan(), Toy.Dataset(rows));

    private static TrainingResult Train(TrainingPlan plan, PreparedDataset data, ParameterVector? start = null, string hospital = "va") =>
        Trainer.Train(Request(plan, data, start, hospital), cancellationToken: TestContext.Current.CancellationToken);

    private static TrainingRequest Request(TrainingPlan plan, PreparedDataset data, ParameterVector? start, string hospital) =>
        new() { Plan = plan, Hospital = hospital, Round = 1, Data = data, Model = start ?? ParameterVector.Zeros(4), Iterator = DataIteratorState.Start };

    private sealed class Callback(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}

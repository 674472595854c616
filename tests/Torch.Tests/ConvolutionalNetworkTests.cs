using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;
using FederatedOrleans.Training;

namespace FederatedOrleans;

/// <summary>Convolutional networks as a node trains them.</summary>
public sealed class ConvolutionalNetworkTests
{
    private static readonly ImmutableArray<LayerPlan> Small =
    [
        new() { Type = "conv", Channels = 2, Kernel = 3, Stride = 1, Padding = 1 },
        new() { Type = "tanh" },
        new() { Type = "average-pool", Size = 2 },
        new() { Type = "linear", Units = 3 },
        new() { Type = "relu" },
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_node_with_the_folder_trains_them_and_one_without_does_not()
    {
        Assert.True(TorchFolder.Trainers.Knows("cnn"));
        Assert.False(Trainers.BuiltIn.Knows("cnn"));
        Assert.True(TorchFolder.Trainers.Knows("logistic-regression"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_gradient_is_that_of_the_loss(int classes)
    {
        // Steps of SGD with a batch of all rows go down the gradient of the mean loss: how far they come is told by the losses they report.
        // Smooth everywhere: a kink would be told as a wrong gradient.
        var plan = Plan([.. Small[..4], new() { Type = "tanh" }], classes, rate: 1e-3, batch: 16, steps: 1);
        var data = PreparedDataset.For(plan, Images(16, classes));
        var start = InitialParameters.For(plan);
        double LossAt(float[] model) =>
            Train(plan with { Training = plan.Training with { LearningRate = 1e-9 } }, data, new(model)).MeanLoss;
        var update = Train(plan, data, start).Update.Span.ToArray();
        var random = SeededRandom.For("which", classes);
        for (var look = 0; look < 12; look++)
        {
            var index = random.NextInt32(start.Length);
            const float Step = 1e-2f;
            float[] up = [.. start.Span], down = [.. start.Span];
            up[index] += Step;
            down[index] -= Step;
            Assert.Equal((LossAt(up) - LossAt(down)) / (2 * Step), -update[index] / 1e-3, 2e-3);
        }
    }

    [Fact]
    public void The_same_inputs_give_the_same_bits()
    {
        var plan = Plan(Small, 2, rate: 0.1, batch: 8, steps: 40);
        var data = PreparedDataset.For(plan, Images(50, 2));
        Assert.Equal(Train(plan, data, InitialParameters.For(plan)).Update.Digest, Train(plan, data, InitialParameters.For(plan)).Update.Digest);
    }

    [Fact]
    public void It_learns_where_in_an_image_something_is()
    {
        var plan = Plan(Small, 2, rate: 0.1, batch: 16, steps: 600, momentum: 0.9);
        var data = PreparedDataset.For(plan, Images(300, 2));
        var start = InitialParameters.For(plan);
        var metrics = ModelEvaluation.Evaluate(TorchFolder.Trainers, plan, Moved(start, Train(plan, data, start)), data, Token);
        Assert.InRange(metrics.Accuracy, 0.9, 1);
        Assert.InRange(metrics.Auc!.Value, 0.95, 1);
    }

    [Fact]
    public void Probabilities_of_classes_add_up_to_one()
    {
        var plan = Plan(Small, 4, rate: 0.1, batch: 16, steps: 1);
        var data = PreparedDataset.For(plan, Images(300, 4));
        var given = TorchFolder.Trainers.FamilyOf(plan).Predict(plan, InitialParameters.For(plan), data.Train, Token);
        Assert.Equal(data.Train.Count * 4, given.Length);
        Assert.All(given.Chunk(4), row => Assert.Equal(1, row.Sum(), 9));
    }

    [Fact]
    public void A_proximal_term_holds_it_and_control_variates_come_with_it()
    {
        var plan = Plan(Small, 2, rate: 0.1, batch: 8, steps: 60);
        var data = PreparedDataset.For(plan, Images(64, 2));
        var start = InitialParameters.For(plan);
        var free = Train(plan, data, start).Update.Norm();
        var held = Train(With(plan, new() { Name = "fedprox", Mu = 5 }), data, start).Update.Norm();
        Assert.InRange(held, 1e-6, free / 2);

        var scaffold = Train(With(plan, new() { Name = "scaffold" }), data, start);
        Assert.Equal((2 * start.Length, start.Length), (scaffold.Update.Length, scaffold.OwnControl!.Length));
    }

    [Fact]
    public void Training_that_leaves_the_finite_numbers_says_so()
    {
        var plan = Plan(Small, 2, rate: 100, batch: 8, steps: 2000, momentum: 0.9);
        var images = Images(64, 2, size: 1e30f);
        Assert.Throws<TrainingDivergedException>(() => Train(plan, PreparedDataset.For(plan, images), InitialParameters.For(plan)));
    }

    private static TrainingPlan With(TrainingPlan plan, LocalObjectivePlan objective) => plan with { Training = plan.Training with { Objective = objective } };

    private static TrainingResult Train(TrainingPlan plan, PreparedDataset data, ParameterVector start) => TorchFolder.Trainers.For(plan).Train(
        new() { Plan = plan, Hospital = "one", Round = 1, Data = data, Model = start, Iterator = DataIteratorState.Start }, cancellationToken: Token);

    private static ParameterVector Moved(ParameterVector start, TrainingResult result) =>
        new([.. start.Span.ToArray().Zip(result.Update.Span.ToArray(), (x, d) => x + d)]);

    private static TrainingPlan Plan(ImmutableArray<LayerPlan> layers, int classes, double rate, int batch, int steps, double momentum = 0)
    {
        var plan = Toy.Plan(learningRate: rate, batch: batch, steps: steps, standardization: "none");
        return plan with
        {
            Dataset = plan.Dataset with { Schema = Schema(classes) },
            Model = new() { Kind = "cnn", Layers = layers, Initial = "uniform" },
            Training = plan.Training with { Momentum = momentum },
        };
    }

    private static DatasetSchema Schema(int classes) => new()
    {
        Features = [],
        Image = new(1, 8, 8),
        Label = "where",
        LabelKind = classes == 2 ? LabelKind.Binary : LabelKind.Categorical,
        LabelLevels = classes == 2 ? [] : [.. Enumerable.Range(0, classes).Select(index => $"c{index}")],
    };

    /// <summary>A bright spot on noise; the label is the part of the image that it is in.</summary>
    private static LocalDataset Images(int count, int classes, float size = 1)
    {
        var random = SeededRandom.For("images", count, $"{classes}");
        var (inputs, labels) = (new float[count * 64], new float[count]);
        for (var image = 0; image < count; image++)
        {
            for (var pixel = 0; pixel < 64; pixel++)
            {
                inputs[(image * 64) + pixel] = (float)((random.NextDouble() * 0.6) - 0.3) * size;
            }

            labels[image] = random.NextInt32(classes);
            var row = random.NextInt32(8);
            var column = ((int)labels[image] * 8 / classes) + random.NextInt32(8 / classes);
            inputs[(image * 64) + (row * 8) + column] = 3 * size;
        }

        return new("toy", Schema(classes), inputs, labels, new([.. Enumerable.Range(0, count * 4 / 5)], [.. Enumerable.Range(count * 4 / 5, count / 5)]));
    }
}

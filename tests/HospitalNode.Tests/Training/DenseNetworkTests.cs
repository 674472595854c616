using System.Collections.Immutable;
using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Training;

/// <summary>Softmax regression and perceptrons.</summary>
public sealed class DenseNetworkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new[] { 3, 1 }, "relu")]
    [InlineData(new[] { 3, 4 }, "relu")]
    [InlineData(new[] { 3, 5, 1 }, "tanh")]
    [InlineData(new[] { 3, 5, 4 }, "relu")]
    [InlineData(new[] { 3, 7, 5, 4 }, "tanh")]
    public void The_gradient_is_that_of_the_loss(int[] sizes, string activation)
    {
        var rows = Rows(12, classes: sizes[^1] == 1 ? 2 : sizes[^1]);
        Gradients.AssertAreOfTheLoss(new([.. sizes], activation), sizes.Length, activation, rows, 1e-6);
    }

    [Fact]
    public void One_output_without_a_hidden_layer_is_logistic_regression()
    {
        var rows = Rows(20, classes: 2);
        double[] parameters = [0.3, -0.2, 0.5, 0.1];
        int[] batch = [.. Enumerable.Range(0, 20)];
        var (one, other) = (new double[4], new double[4]);

        Assert.Equal(
            new LogisticLoss().AddGradient(parameters, rows, batch, one),
            new DenseNetwork([3, 1], "relu").AddGradient(parameters, rows, batch, other));
        Assert.Equal(one, other);
    }

    [Fact]
    public void Probabilities_add_up_to_one_however_large_the_sums_are()
    {
        var network = new DenseNetwork([1, 3], "relu");
        var probabilities = new double[3];
        network.Predict([1e4, -1e4, 9.99e3, 0, 0, 0], [1], probabilities);
        Assert.Equal(1, probabilities.Sum(), 12);
        Assert.Equal(1 / (1 + Math.Exp(-10)), probabilities[0], 12);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("tanh")]
    public void A_hidden_layer_learns_what_no_line_parts(string activation)
    {
        var plan = Toy.Plan(learningRate: 0.3, batch: 8, steps: 4000, standardization: "none", inputs: 2);
        plan = plan with { Model = new() { Kind = ModelKinds.MultilayerPerceptron, Hidden = [8], Activation = activation, Initial = "uniform" } };
        var random = SeededRandom.For("xor", 1);
        float[] inputs = [.. Enumerable.Range(0, 400).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        var data = PreparedDataset.For(plan, new LocalDataset(
            "toy", Toy.Schema(2), inputs, Enumerable.Range(0, 200).Select(row => inputs[row * 2] * inputs[(row * 2) + 1] > 0),
            new([.. Enumerable.Range(0, 150)], [.. Enumerable.Range(150, 50)])));
        var start = InitialParameters.For(plan);
        var result = Trainers.BuiltIn.For(plan).Train(
            new() { Plan = plan, Hospital = "one", Round = 1, Data = data, Model = start, Iterator = DataIteratorState.Start }, cancellationToken: Token);
        ParameterVector trained = new([.. start.Span.ToArray().Zip(result.Update.Span.ToArray(), (x, d) => x + d)]);

        Assert.InRange(Evaluation.ModelEvaluation.Evaluate(Trainers.BuiltIn, plan, trained, data, Token).Accuracy, 0.9, 1);
    }

    [Fact]
    public void A_perceptron_starts_uniform_by_the_inputs_of_each_layer()
    {
        var plan = Toy.Plan(inputs: 4) with { Model = new() { Kind = ModelKinds.MultilayerPerceptron, Hidden = [400, 3], Initial = "uniform" } };
        var (schema, start) = (ModelSchema.For(plan), InitialParameters.For(plan));

        Assert.Equal(
            ["layer1.weights 400x4", "layer1.bias 400", "layer2.weights 3x400", "layer2.bias 3", "layer3.weights 1x3", "layer3.bias 1"],
            schema.Tensors.Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}"));
        var first = start.Span[..2000].ToArray().Max(MathF.Abs);
        var second = start.Span.Slice(2000, 1203).ToArray().Max(MathF.Abs);
        Assert.InRange(first, 0.49, 0.5);
        Assert.InRange(second, 0.049, 0.05);
    }

    private static PreparedRows Rows(int count, int classes)
    {
        var random = SeededRandom.For("rows", count, $"{classes}");
        float[] inputs = [.. Enumerable.Range(0, count * 3).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        float[] labels = [.. Enumerable.Range(0, count).Select(row => (float)(row % classes))];
        var schema = Toy.Schema(3) with { LabelKind = LabelKind.Categorical, LabelLevels = [.. Enumerable.Range(0, classes).Select(index => $"c{index}")] };
        var dataset = new LocalDataset("toy", schema, inputs, labels, new([.. Enumerable.Range(0, count)], []));
        return PreparedRows.Of(dataset, dataset.TrainRows.AsMemory(), Standardization.None(3));
    }
}

using FederatedOrleans.Data;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;
using MathNet.Numerics.LinearAlgebra.Double;

namespace FederatedOrleans.Training;

/// <summary>Models of a numeric label: their gradients, what they come to, and what is measured of them.</summary>
public sealed class LinearRegressionTests
{
    private const int Rows = 120;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Linear_regression_comes_to_the_least_squares_fit()
    {
        var plan = PlanOf(new() { Kind = ModelKinds.LinearRegression }, learningRate: 0.5, steps: 1000, batch: 100);
        var dataset = Dataset();
        var trained = Train(plan, PreparedDataset.For(plan, dataset));

        // The normal equations on the same rows.
        var reader = dataset.Inputs.Open();
        var design = DenseMatrix.Create(100, 4, 1);
        var labels = DenseVector.Create(100, row => dataset.Label(row));
        for (var row = 0; row < 100; row++)
        {
            for (var input = 0; input < 3; input++)
            {
                design[row, input] = reader.Row(row)[input];
            }
        }

        var fit = design.TransposeThisAndMultiply(design).Solve(design.TransposeThisAndMultiply(labels));
        Assert.All(trained.Span.ToArray().Zip(fit), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Errors_are_those_of_the_definition_and_of_ML_NET()
    {
        var plan = PlanOf(new() { Kind = ModelKinds.LinearRegression }, learningRate: 0.1, steps: 20);
        var data = PreparedDataset.For(plan, Dataset());
        var trained = Train(plan, data);
        var metrics = Evaluation.ModelEvaluation.Evaluate(Trainers.BuiltIn, plan, trained, data, Token);
        var predictions = Trainers.BuiltIn.FamilyOf(plan).Predict(plan, trained, data.Test, Token);
        var context = new Microsoft.ML.MLContext(seed: 1);
        var expected = context.Regression.Evaluate(context.Data.LoadFromEnumerable(
            data.Test.Labels().Zip(predictions, (label, score) => new Scored { Label = (float)label, Score = (float)score })));

        Assert.Equal((20L, 0.0, 0.0, 0.0), (metrics.NumExamples, metrics.Accuracy, metrics.LogLoss, metrics.MajorityRate));
        Assert.Equal(expected.RootMeanSquaredError, metrics.Regression!.RootMeanSquaredError, 1e-5);
        Assert.Equal(expected.MeanAbsoluteError, metrics.Regression.MeanAbsoluteError, 1e-5);
        var explained = 1 - Math.Pow(metrics.Regression.RootMeanSquaredError / metrics.Regression.LabelDeviation, 2);
        Assert.Equal(expected.RSquared, explained, 1e-5);
    }

    [Fact]
    public void What_is_no_number_has_no_errors()
    {
        Assert.Throws<ArgumentException>(() => Evaluation.RegressionEvaluator.Evaluate([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => Evaluation.RegressionEvaluator.Evaluate([1], []));
        Assert.Throws<ArgumentException>(() => Evaluation.RegressionEvaluator.Evaluate([1, 2], [1]));
    }

    [Theory]
    [InlineData(new[] { 3, 1 }, "relu")]
    [InlineData(new[] { 3, 6, 1 }, "tanh")]
    public void The_gradient_of_a_network_is_that_of_half_the_squared_error(int[] sizes, string activation)
    {
        var rows = PreparedDataset.For(PlanOf(new() { Kind = ModelKinds.LinearRegression }), Dataset()).Train;
        Gradients.AssertAreOfTheLoss(new([.. sizes], activation, isNumeric: true), sizes.Length, activation, rows, 1e-5);
    }

    [Fact]
    public void One_output_without_a_hidden_layer_is_linear_regression()
    {
        var rows = PreparedDataset.For(PlanOf(new() { Kind = ModelKinds.LinearRegression }), Dataset()).Train;
        double[] parameters = [0.3, -0.2, 0.5, 0.1];
        int[] batch = [.. Enumerable.Range(0, 20)];
        var (one, other) = (new double[4], new double[4]);

        Assert.Equal(
            new SquaredLoss().AddGradient(parameters, rows, batch, one),
            new DenseNetwork([3, 1], "relu", isNumeric: true).AddGradient(parameters, rows, batch, other),
            1e-12);
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void A_perceptron_learns_a_curve_that_no_line_follows()
    {
        var plan = PlanOf(new() { Kind = ModelKinds.MultilayerPerceptron, Hidden = [16], Activation = "tanh", Initial = "uniform" }, learningRate: 0.05, steps: 6000);
        var data = PreparedDataset.For(plan, Dataset((a, _, _) => a * a));
        var errors = Evaluation.ModelEvaluation.Evaluate(Trainers.BuiltIn, plan, Train(plan, data), data, Token).Regression!;

        Assert.InRange(errors.RootMeanSquaredError, 0, errors.LabelDeviation / 3);
    }

    private static ParameterVector Train(TrainingPlan plan, PreparedDataset data)
    {
        var start = InitialParameters.For(plan);
        var result = Trainers.BuiltIn.For(plan).Train(
            new() { Plan = plan, Hospital = "one", Round = 1, Data = data, Model = start, Iterator = DataIteratorState.Start }, cancellationToken: Token);
        return new([.. start.Span.ToArray().Zip(result.Update.Span.ToArray(), (x, d) => x + d)]);
    }

    private static TrainingPlan PlanOf(ModelPlan model, double learningRate = 0.1, int steps = 1, int batch = 20)
    {
        var plan = Toy.Plan(learningRate: learningRate, batch: batch, steps: steps, standardization: "none", inputs: 3);
        return plan with { Model = model, Dataset = plan.Dataset with { Schema = Toy.Schema(3) with { LabelKind = LabelKind.Numeric } } };
    }

    private static LocalDataset Dataset(Func<float, float, float, float>? label = null)
    {
        label ??= (a, b, c) => (2 * a) - b + (c / 2) + 3;
        var random = SeededRandom.For("numeric", 1);
        float[] inputs = [.. Enumerable.Range(0, Rows * 3).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        float[] labels =
        [
            .. Enumerable.Range(0, Rows).Select(row =>
                label(inputs[row * 3], inputs[(row * 3) + 1], inputs[(row * 3) + 2]) + (float)((random.NextDouble() - 0.5) / 5)),
        ];
        return new("toy", Toy.Schema(3) with { LabelKind = LabelKind.Numeric }, inputs, labels, new([.. Enumerable.Range(0, 100)], [.. Enumerable.Range(100, 20)]));
    }

    private sealed class Scored
    {
        public float Label { get; init; }

        public float Score { get; init; }
    }
}

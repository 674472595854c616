using System.Text.Json;
using FederatedOrleans.Aggregation;
using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans;

/// <summary>The Fed-Heart-Disease task against reference weights and accuracies, by the library alone.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    public async Task FedAvg_reaches_the_reference_weights_and_accuracies(double learningRate)
    {
        var datasets = await HeartDisease.LoadAsync(Token);
        var plan = HeartDisease.Plan with
        {
            Model = HeartDisease.Plan.Model with { Initial = "zeros" },
            Training = HeartDisease.Plan.Training with { LearningRate = learningRate, Shuffle = false },
        };
        var prepared = datasets.Select(dataset => PreparedDataset.For(plan, dataset)).ToArray();
        var pooled = Standardization.Fit(datasets);
        var pooledTests = datasets.Select(dataset => PreparedDataset.For(plan, dataset, pooled)).ToArray();
        var iterators = datasets.Select(_ => DataIteratorState.Start).ToArray();
        var golden = Golden(learningRate);
        var (model, worst, compared) = (InitialParameters.For(plan), 0.0, 0);
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var updates = new List<(string, ParameterVector, long)>();
            for (var site = 0; site < datasets.Length; site++)
            {
                var result = Trainers.For(plan.Model.Kind).Train(
                    new()
                    {
                        Plan = plan,
                        Hospital = HeartDisease.Hospitals[site],
                        Data = prepared[site],
                        Model = model,
                        Iterator = iterators[site],
                    },
                    cancellationToken: Token);
                iterators[site] = result.Next;
                updates.Add((HeartDisease.Hospitals[site], result.Update, result.NumExamples));
            }

            model = ServerOptimizers.For(plan.ServerOptimizer).Step(model, Aggregators.For(plan.Aggregator).Aggregate(updates));
            if (!golden.TryGetValue(round, out var expected))
            {
                continue;
            }

            compared++;
            double[] weights = [.. expected.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble()), expected.GetProperty("bias").GetDouble()];
            for (var i = 0; i < weights.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(weights[i] - model.Span[i]));
                Assert.Equal(weights[i], model.Span[i], 1e-6);
            }

            var accuracies = expected.GetProperty("accuracy");
            for (var site = 0; site < datasets.Length; site++)
            {
                Assert.Equal(accuracies.GetProperty(HeartDisease.Hospitals[site]).GetDouble(), ModelEvaluation.Evaluate(plan, model, prepared[site]).Accuracy);
            }

            var (probabilities, labels) = (new List<double>(), new List<double>());
            foreach (var site in pooledTests)
            {
                probabilities.AddRange(LogisticRegression.Probabilities(model, site.Test));
                labels.AddRange(site.Test.Labels);
            }

            Assert.Equal(accuracies.GetProperty("pooled").GetDouble(), BinaryEvaluator.Evaluate([.. probabilities], [.. labels]).Accuracy);
        }

        Assert.Equal(3, compared);
        output.WriteLine($"learning rate {learningRate}: largest error {worst:E2}");
    }

    [Fact]
    public async Task Row_counts_are_those_of_the_task()
    {
        var datasets = await HeartDisease.LoadAsync(Token);
        (int, int, int, int)[] expected = [(91, 108, 48, 56), (65, 107, 33, 56), (30, 0, 15, 1), (66, 19, 35, 10)];

        Assert.Equal(expected, datasets.Select(dataset => (
            dataset.TrainRows.Count(dataset.Label),
            dataset.TrainRows.Count(row => !dataset.Label(row)),
            dataset.TestRows.Count(dataset.Label),
            dataset.TestRows.Count(row => !dataset.Label(row)))));
        Assert.Equal([303, 261, 46, 130], datasets.Select(dataset => dataset.RowCount));
        Assert.Equal([0.5385, 0.6292, 0.9375, 0.7778], datasets.Select(dataset =>
            Math.Round(ModelEvaluation.Evaluate(HeartDisease.Plan, ParameterVector.Zeros(14), PreparedDataset.For(HeartDisease.Plan, dataset)).MajorityRate, 4)));
    }

    [Fact]
    public async Task Pooled_training_statistics_are_those_of_the_task()
    {
        var pooled = Standardization.Fit(await HeartDisease.LoadAsync(Token));
        double[] means = [52.952675, .757202, 133.150206, 219.837449, .150206, 139.281893, .386831, .936214, .199588, .216049, .524691, .148148, .240741];
        double[] deviations = [9.625772, .429216, 19.191065, 93.664373, .357641, 26.092001, .487526, 1.072123, .400103, .411972, .499905, .355613, .427974];

        Assert.Equal(means, pooled.Mean.Select(mean => Math.Round(mean, 6)));
        Assert.Equal(deviations, pooled.StandardDeviation.Select(deviation => Math.Round(deviation, 6)));
    }

    [Fact]
    public async Task A_constant_feature_becomes_zero()
    {
        var switzerland = PreparedDataset.For(HeartDisease.Plan, (await HeartDisease.LoadAsync(Token))[2]);
        var chol = HeartDisease.Plan.Dataset.Schema.InputNames.IndexOf("chol");

        Assert.Equal((0.0, 0.0), (switzerland.Standardization.Mean[chol], switzerland.Standardization.StandardDeviation[chol]));
        Assert.All(Enumerable.Range(0, switzerland.Train.Count), row => Assert.Equal(0.0, switzerland.Train.Row(row)[chol]));
        Assert.All(Enumerable.Range(0, switzerland.Test.Count), row => Assert.Equal(0.0, switzerland.Test.Row(row)[chol]));
    }

    [Fact]
    public async Task A_test_set_of_two_classes_has_an_auc_and_rows_outside_the_lists_do_not_count()
    {
        var cleveland = (await HeartDisease.LoadAsync(Token))[0];
        var metrics = ModelEvaluation.Evaluate(HeartDisease.Plan, ParameterVector.Zeros(14), PreparedDataset.For(HeartDisease.Plan, cleveland));

        Assert.Equal((104L, 0.5), (metrics.NumExamples, metrics.Auc!.Value));
        Assert.Equal(Math.Log(2), metrics.LogLoss, 12);
    }

    private static Dictionary<int, JsonElement> Golden(double learningRate)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestFiles.At("tests", "data", "heart-disease", "golden.json")));
        return document.RootElement.GetProperty("vectors").EnumerateArray()
            .Single(vector => vector.GetProperty("algorithm").GetString() == "FedAvg"
                && vector.GetProperty("hyperparameters").GetProperty("local_learning_rate").GetDouble() == learningRate)
            .GetProperty("rounds").EnumerateArray()
            .ToDictionary(round => round.GetProperty("round").GetInt32(), round => round.Clone());
    }
}

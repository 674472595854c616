using FederatedOrleans.Aggregation;
using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Objectives;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Plans;
using FederatedOrleans.Training;

namespace FederatedOrleans;

/// <summary>The Fed-Heart-Disease task against reference weights and accuracies, by the library alone.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, double> Vectors => [.. GoldenVectors.Names.Select(name => (name.Algorithm, name.LearningRate))];

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task Reference_weights_and_accuracies_are_reached(string algorithm, double learningRate)
    {
        var datasets = await HeartDisease.LoadAsync(Token);
        var plan = HeartDisease.Changed(changed => GoldenVectors.Change(changed, algorithm, learningRate));
        var prepared = datasets.Select(dataset => PreparedDataset.For(plan, dataset)).ToArray();
        var pooled = Standardization.Fit(datasets);
        var pooledTests = datasets.Select(dataset => PreparedDataset.For(plan, dataset, pooled)).ToArray();
        var golden = GoldenVectors.Read(TestFiles.At("tests", "data", "heart-disease", "golden.json"), algorithm, learningRate);
        var (worst, compared) = (0.0, 0);
        await foreach (var (round, model) in ModelsAsync(plan, prepared))
        {
            if (!golden.Weights.ContainsKey(round))
            {
                continue;
            }

            compared++;
            worst = Math.Max(worst, golden.Worst(round, model.Span));
            Assert.InRange(worst, 0, GoldenVectors.Tolerance);
            var accuracies = golden.Accuracies[round];
            for (var site = 0; site < datasets.Length; site++)
            {
                Assert.Equal(accuracies.GetProperty(HeartDisease.Hospitals[site]).GetDouble(), ModelEvaluation.Evaluate(Trainers.BuiltIn, plan, model, prepared[site], Token).Accuracy);
            }

            var (probabilities, labels) = (new List<double>(), new List<double>());
            foreach (var site in pooledTests)
            {
                probabilities.AddRange(LinearModel.Predict(model, site.Test, LogisticRegression.Probability, Token));
                labels.AddRange(site.Test.Labels());
            }

            Assert.Equal(accuracies.GetProperty("pooled").GetDouble(), BinaryEvaluator.Evaluate([.. probabilities], [.. labels]).Accuracy);
        }

        Assert.Equal(3, compared);
        output.WriteLine($"{algorithm}, learning rate {learningRate}: largest error {worst:E2}");
    }

    [Fact]
    public async Task Row_counts_are_those_of_the_task()
    {
        var datasets = await HeartDisease.LoadAsync(Token);
        (int, int, int, int)[] expected = [(91, 108, 48, 56), (65, 107, 33, 56), (30, 0, 15, 1), (66, 19, 35, 10)];

        Assert.Equal(expected, datasets.Select(dataset => (
            dataset.TrainRows.Count(dataset.IsPositive),
            dataset.TrainRows.Count(row => !dataset.IsPositive(row)),
            dataset.TestRows.Count(dataset.IsPositive),
            dataset.TestRows.Count(row => !dataset.IsPositive(row)))));
        Assert.Equal([303, 261, 46, 130], datasets.Select(dataset => dataset.RowCount));
        Assert.Equal([0.5385, 0.6292, 0.9375, 0.7778], datasets.Select(dataset =>
            Math.Round(ModelEvaluation.Evaluate(Trainers.BuiltIn, HeartDisease.Plan, ParameterVector.Zeros(14), PreparedDataset.For(HeartDisease.Plan, dataset)).MajorityRate, 4)));
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

        Assert.Equal((0.0, 0.0), (switzerland.Standardization!.Mean[chol], switzerland.Standardization.StandardDeviation[chol]));
        Assert.All(Enumerable.Range(0, switzerland.Train.Count), row => Assert.Equal(0.0, switzerland.Train.Row(row)[chol]));
        Assert.All(Enumerable.Range(0, switzerland.Test.Count), row => Assert.Equal(0.0, switzerland.Test.Row(row)[chol]));
    }

    [Fact]
    public async Task A_test_set_of_two_classes_has_an_auc_and_rows_outside_the_lists_do_not_count()
    {
        var cleveland = (await HeartDisease.LoadAsync(Token))[0];
        var metrics = ModelEvaluation.Evaluate(Trainers.BuiltIn, HeartDisease.Plan, ParameterVector.Zeros(14), PreparedDataset.For(HeartDisease.Plan, cleveland), Token);

        Assert.Equal((104L, 0.5), (metrics.NumExamples, metrics.Auc!.Value));
        Assert.Equal(Math.Log(2), metrics.LogLoss, 12);
    }

    /// <summary>The rounds of a plan at these hospitals, by the library alone.</summary>
    private static async IAsyncEnumerable<(int Round, ParameterVector Model)> ModelsAsync(TrainingPlan plan, PreparedDataset[] data)
    {
        var (model, moments) = (InitialParameters.For(plan), (ParameterVector?)null);
        var (server, controls) = (ParameterVector.Zeros(model.Length), new ParameterVector?[data.Length]);
        var (iterators, seen) = (data.Select(_ => DataIteratorState.Start).ToArray(), 0L);
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var updates = new List<(string, ParameterVector, long)>();
            for (var site = 0; site < data.Length; site++)
            {
                var result = Trainers.BuiltIn.For(plan).Train(
                    new()
                    {
                        Plan = plan,
                        Hospital = HeartDisease.Hospitals[site],
                        Round = round,
                        Data = data[site],
                        Model = model,
                        Control = server,
                        OwnControl = controls[site],
                        Iterator = iterators[site],
                    },
                    cancellationToken: Token);
                (iterators[site], controls[site]) = (result.Next, result.OwnControl);
                updates.Add((HeartDisease.Hospitals[site], result.Update, result.NumExamples));
            }

            var aggregate = Aggregators.For(plan, round).Aggregate(updates).Span.ToArray();
            (model, moments) = ServerOptimizers.For(plan.ServerOptimizer).Step(model, new(aggregate[..model.Length]), moments);
            if (LocalObjectives.HasControl(plan.Training.Objective))
            {
                var (control, rows) = (server.Span.ToArray(), updates.Sum(update => update.Item3));
                ControlVariate.MovePart(control, aggregate.AsSpan(model.Length), seen, rows, rows);
                (server, seen) = (new(control), rows);
            }

            yield return (round, model);
            await Task.Yield();
        }
    }
}

using System.Text.Json.Nodes;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Data.Statistics;

/// <summary>What a hospital gives to a statistics round.</summary>
public sealed class StatisticsCollectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Mean and unbiased deviation of the 486 training rows of the reference task, as published with it to six digits.
    private static readonly (string Name, double Mean, double Deviation)[] Published =
    [
        ("age", 52.952675, 9.625772), ("sex", .757202, .429216), ("trestbps", 133.150206, 19.191065), ("chol", 219.837449, 93.664373), ("fbs", .150206, .357641),
        ("thalach", 139.281893, 26.092001), ("exang", .386831, .487526), ("oldpeak", .936214, 1.072123), ("cp=2", .199588, .400103), ("cp=3", .216049, .411972),
        ("cp=4", .524691, .499905), ("restecg=1", .148148, .355613), ("restecg=2", .240741, .427974),
    ];

    [Fact]
    public async Task Those_of_the_four_centres_together_are_the_pooled_ones()
    {
        var plan = HeartDisease.StatisticsPlan;
        var datasets = await HeartDisease.LoadAsync(Token, minimumCell: 1);
        var sums = Sum(datasets.Select(dataset => StatisticsCollector.Collect(plan, dataset, Token)));
        var statistics = DatasetStatistics.Of(plan, sums);
        var inputs = FittedPreprocessing.Fit(plan, sums).Features.SelectMany(feature => feature.Inputs).ToArray();

        Assert.Equal(486, statistics.Rows);
        Assert.Equal(Published.Select(published => published.Name), inputs.Select(input => input.Name));
        Assert.All(inputs.Zip(Published), pair =>
        {
            Assert.Equal(pair.Second.Mean, pair.First.Mean, 5.1e-7);
            Assert.Equal(pair.Second.Deviation, pair.First.Scale, 5.1e-7);
        });

        // And to the last digits, by the rows taken together: of numbers as they are written in the files.
        foreach (var (index, feature) in statistics.Features.Index().Where(feature => feature.Item.Mean is not null))
        {
            double[] all = [.. datasets.SelectMany(dataset => dataset.TrainRows.Select(row => WrittenNumber.Of(dataset.Inputs.Open().Row(row)[index])))];
            Assert.Equal(MathNet.Numerics.Statistics.Statistics.Mean(all), feature.Mean!.Value, 1e-9);
            Assert.Equal(MathNet.Numerics.Statistics.Statistics.StandardDeviation(all), feature.Deviation!.Value, 1e-9);
        }

        Assert.Equal([234L, 252L], statistics.Label!.LevelRows);
        Assert.All(statistics.Features, feature => Assert.Equal(0, feature.Withheld));
    }

    [Fact]
    public async Task A_model_sees_what_it_would_see_if_all_rows_were_in_one_place()
    {
        var plan = HeartDisease.StatisticsPlan;
        var datasets = await HeartDisease.LoadAsync(Token, minimumCell: 1);
        var fitted = FittedPreprocessing.Fit(plan, Sum(datasets.Select(dataset => StatisticsCollector.Collect(plan, dataset, Token))));
        var pooled = Standardization.Fit(datasets);
        foreach (var dataset in datasets)
        {
            var (one, other) = (PreparedDataset.For(plan, dataset, fitted), PreparedDataset.For(HeartDisease.Plan, dataset, pooled));
            for (var row = 0; row < one.Train.Count; row++)
            {
                Assert.Equal(other.Train.Row(row).ToArray(), one.Train.Row(row).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
            }

            Assert.Equal(other.Test.Labels(), one.Test.Labels());
        }
    }

    [Fact]
    public async Task Few_rows_leave_no_hospital_that_its_owner_has_not_let_go()
    {
        var plan = HeartDisease.StatisticsPlan;
        var datasets = await HeartDisease.LoadAsync(Token);
        var statistics = DatasetStatistics.Of(plan, StatisticsCollector.Collect(plan, datasets[2], Token));

        // Of Switzerland's 30 training rows few are of women, and few of each kind of pain but the last.
        var sex = statistics.Features.Single(feature => feature.Name == "sex");
        Assert.Equal((1L, 0L, null), (sex.Withheld, sex.Present, sex.Mean));
        var pain = statistics.Features.Single(feature => feature.Name == "cp");
        Assert.Equal(1, pain.Withheld);
        Assert.All(pain.LevelRows.Concat(statistics.Features.SelectMany(feature => feature.Bins)), rows => Assert.True(rows is 0 or >= 10));
        Assert.Equal([0L, 30L], statistics.Label!.LevelRows);

        var strict = plan with { Preprocessing = plan.Preprocessing! with { MinimumCell = 31 } };
        var refused = Assert.Throws<DatasetException>(() => StatisticsCollector.Collect(strict, datasets[2], Token));
        Assert.Contains("fewer training rows than the 31", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 40, 0)]
    [InlineData(3, 40, 0)]
    [InlineData(12, 28, 12)]
    [InlineData(35, 0, 0)]
    public void Missing_numbers_are_counted_where_they_are_not_few(int missing, int present, int toldMissing)
    {
        var plan = Numbers(root => root["missing"] = new JsonArray(-1));
        float[] cells = [.. Enumerable.Range(0, 40).Select(row => row < missing / 2 ? float.NaN : row < missing ? -1 : (row % 2 == 0 ? 30 : 50) + (row / 5f))];
        var feature = DatasetStatistics.Of(plan, StatisticsCollector.Collect(plan, Rows(cells), Token)).Features[0];

        Assert.Equal((present, toldMissing), (feature.Present, feature.Missing));
        Assert.Equal(missing is > 0 and < 10 or > 30 ? 1 : 0, feature.Withheld == 0 ? 0 : 1);
        if (present > 0)
        {
            double[] there = [.. cells.Where(cell => cell > 0).Select(cell => (double)cell)];
            var deviation = MathNet.Numerics.Statistics.Statistics.StandardDeviation(there);
            Assert.Equal(there.Average(), feature.Mean!.Value, missing is > 0 and < 10 ? deviation / 30 : 1e-5);
            Assert.Equal(deviation, feature.Deviation!.Value, missing is > 0 and < 10 ? deviation / 20 : 1e-5);

            // Nobody can take the present ones from all rows to learn how many are missing.
            Assert.True(feature.Present + feature.Missing == 40);
            Assert.True(missing is not (> 0 and < 10) || 40 - feature.Bins.Sum() >= 10);
        }
    }

    [Fact]
    public void A_number_of_two_values_is_told_only_where_both_are_in_many_rows()
    {
        var plan = Numbers();
        long PresentOf(int ones) => DatasetStatistics.Of(
            plan, StatisticsCollector.Collect(plan, Rows([.. Enumerable.Range(0, 40).Select(row => row < ones ? 1f : 0f)]), Token)).Features[0].Present;

        Assert.Equal([40L, 0L, 0L, 40L, 40L], new[] { 0, 1, 9, 10, 40 }.Select(PresentOf));
    }

    [Theory]
    [InlineData(89, 90)]
    [InlineData(79, 1000)]
    public void A_range_beside_the_values_counts_no_few_patients(double from, double to)
    {
        var plan = Numbers(root => (root["from"], root["to"]) = (from, to));
        var rows = Rows([.. Enumerable.Range(0, 60).Select(row => (float)(row < 57 ? 20 + row : 77 + (5 * (row - 56))))]);
        var feature = DatasetStatistics.Of(plan, StatisticsCollector.Collect(plan, rows, Token)).Features[0];
        Assert.Equal((0L, 1L, null), (feature.Present, feature.Withheld, feature.Mean));
    }

    [Theory]
    [InlineData(new[] { 100, 50, 30, 2 }, false)]
    [InlineData(new[] { 100, 50, 30, 20 }, true)]
    [InlineData(new[] { 100, 50, 5 }, false)]
    public void Of_a_handful_of_values_none_is_counted_by_the_sums(int[] counts, bool isTold)
    {
        float[] cells = [.. counts.SelectMany((count, value) => Enumerable.Repeat((float)value, count))];
        var feature = DatasetStatistics.Of(Numbers(), StatisticsCollector.Collect(Numbers(), Rows(cells), Token)).Features[0];
        Assert.Equal(isTold ? cells.Length : 0, feature.Present);
    }

    [Fact]
    public void Rows_without_values_need_a_plan_that_says_what_to_put_in()
    {
        var rows = Rows([.. Enumerable.Repeat(float.NaN, 40)], hasMissing: true);
        var refused = Assert.Throws<DatasetException>(() => PreparedDataset.For(Toy.Plan(inputs: 1), rows));
        Assert.Contains("needs preprocessing", refused.Message, StringComparison.Ordinal);

        // Nobody has a value at all: the middle of the range stands for all of them.
        var plan = Numbers();
        var prepared = PreparedDataset.For(plan, rows, FittedPreprocessing.Fit(plan, StatisticsCollector.Collect(plan, rows, Token)));
        Assert.Equal(0.0, prepared.Train.Row(0)[0]);
    }

    [Fact]
    public void A_numeric_label_is_learned_scaled_and_measured_in_its_unit()
    {
        var schema = Toy.Schema(1) with { LabelKind = LabelKind.Numeric };
        float[] inputs = [.. Enumerable.Range(0, 60).Select(row => (float)row)];
        var dataset = new LocalDataset("toy", schema, inputs, [.. inputs.Select(x => (x * 5) + 100)], new([.. Enumerable.Range(0, 50)], [.. Enumerable.Range(50, 10)]));
        var plan = Numbers() with { Model = new() { Kind = ModelKinds.LinearRegression } };
        plan = plan with
        {
            Dataset = plan.Dataset with { Schema = schema },
            Preprocessing = plan.Preprocessing! with { Label = new(0, 500) },
            Training = plan.Training with { LearningRate = 0.5, BatchSize = 50, Steps = 300 },
        };
        var fitted = FittedPreprocessing.Fit(plan, StatisticsCollector.Collect(plan, dataset, Token));
        Assert.Equal((222.5, 72.887), (fitted.Label!.Mean, Math.Round(fitted.Label.Scale, 3)));

        var data = PreparedDataset.For(plan, dataset, fitted);
        var trained = Training.Trainers.BuiltIn.For(plan).Train(
            new() { Plan = plan, Hospital = "one", Round = 1, Data = data, Model = InitialParameters.For(plan), Iterator = Training.DataIteratorState.Start }, cancellationToken: Token);
        var errors = Evaluation.ModelEvaluation.Evaluate(Training.Trainers.BuiltIn, plan, trained.Update, data, Token).Regression!;
        Assert.InRange(errors.RootMeanSquaredError, 0, 1e-3);
        Assert.Equal(5 * Math.Sqrt((Enumerable.Range(0, 10).Sum(x => x * x) / 10.0) - (4.5 * 4.5)), errors.LabelDeviation, 1e-4);
    }

    private static TrainingPlan Numbers(Action<JsonObject>? change = null)
    {
        var feature = new JsonObject { ["name"] = "x0", ["from"] = -100, ["to"] = 100 };
        change?.Invoke(feature);
        var root = JsonNode.Parse("""
            { "version": 1, "name": "toy", "rounds": 1, "model": { "kind": "logistic-regression" }, "training": { "learningRate": 0.1, "batchSize": 4, "steps": 1 },
              "dataset": { "name": "toy", "schema": { "features": [ { "name": "x0" } ], "label": "y" } }, "preprocessing": {} }
            """)!;
        root["preprocessing"]!["features"] = new JsonArray(feature);
        var (plan, faults) = TrainingPlanReader.Read(System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()));
        Assert.Empty(faults);
        return plan!;
    }

    private static LocalDataset Rows(float[] cells, bool hasMissing = false) =>
        new("toy", Toy.Schema(1), cells, cells.Select((_, row) => row % 2 == 0), new([.. Enumerable.Range(0, cells.Length)], [0])) { HasMissing = hasMissing };

    private static ParameterVector Sum(IEnumerable<ParameterVector> hospitals) => new(hospitals
        .Select(vector => vector.Span.ToArray())
        .Aggregate((left, right) => [.. left.Zip(right, (a, b) => a + b)]));
}

using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Preprocessing;

/// <summary>From sums to figures, and from a row to a model's inputs.</summary>
public sealed class FittedPreprocessingTests
{
    private const string Base = """
        {
          "version": 1, "name": "toy", "rounds": 1,
          "dataset": { "name": "toy", "schema": {
            "features": [ { "name": "age" }, { "name": "pain", "kind": "categorical", "levels": ["none", "some", "much"] } ],
            "label": "ill" } },
          "model": { "kind": "logistic-regression" },
          "training": { "learningRate": 0.1, "batchSize": 4, "steps": 1 },
          "preprocessing": { "features": [ { "name": "age", "from": 0, "to": 100, "bins": 10 } ] }
        }
        """;

    [Fact]
    public void Means_and_deviations_are_those_of_all_numbers_together()
    {
        double[][] hospitals = [[10, 20, 31.25], [50, 60.5], [99]];
        var plan = Plan();
        var age = DatasetStatistics.Of(plan, Sum(plan, hospitals.Select(numbers => SumsOf(plan, numbers, [])))).Features[0];
        double[] all = [.. hospitals.SelectMany(numbers => numbers)];

        Assert.Equal((6L, 0L, 0L), (age.Present, age.Missing, age.Withheld));
        Assert.Equal(MathNet.Numerics.Statistics.Statistics.Mean(all), age.Mean!.Value, 1e-11);
        Assert.Equal(MathNet.Numerics.Statistics.Statistics.StandardDeviation(all), age.Deviation!.Value, 1e-11);
        Assert.Equal([0L, 1, 1, 1, 0, 1, 1, 0, 0, 1], age.Bins);
        Assert.Equal(40.0, age.Quantile(0.5)!.Value, 1e-9);
        Assert.Equal(100.0, age.Quantile(1));
    }

    [Theory]
    [InlineData(30, -1.0)]
    [InlineData(1e6, 6.0)]
    [InlineData(-5, -4.0)]
    [InlineData(double.NaN, 0.0)]
    [InlineData(-9, 0.0)]
    public void A_number_is_imputed_clipped_and_scaled(double cell, double expected)
    {
        // Mean 40, deviation 10.
        var plan = Plan(root => root["preprocessing"]!["features"]![0]!["missing"] = new JsonArray(-9));
        var fitted = FittedPreprocessing.Fit(plan, Sum(plan, [SumsOf(plan, [30, 40, 50], [])]));
        Span<double> inputs = stackalloc double[3];
        fitted.Apply([(float)cell, 0, 0], inputs);
        Assert.Equal(expected, inputs[0], 1e-9);
    }

    [Fact]
    public void What_is_far_away_is_held_at_the_clip()
    {
        var plan = Plan(root => root["preprocessing"]!["clip"] = 2);
        var fitted = FittedPreprocessing.Fit(plan, Sum(plan, [SumsOf(plan, [30, 40, 50], [])]));
        Span<double> inputs = stackalloc double[3];
        fitted.Apply([99, 0, 0], inputs);
        Assert.Equal(2, inputs[0]);
        fitted.Apply([1, 0, 0], inputs);
        Assert.Equal(-2, inputs[0]);
    }

    [Fact]
    public void Levels_are_zero_one_inputs_and_missing_ones_the_most_frequent()
    {
        var plan = Plan(root =>
        {
            root["preprocessing"]!["scaling"] = "none";
            root["preprocessing"]!["features"]!.AsArray().Add(JsonNode.Parse("""{ "name": "pain", "flagMissing": true, "levels": "agreed" }"""));
        });
        var fitted = FittedPreprocessing.Fit(plan, Sum(plan, [SumsOf(plan, [1, 2], [2, 5, 0])]));
        Assert.Equal(["age", "pain=some", "pain=much", "pain missing"], ModelInputs.NamesOf(plan));
        Assert.Equal(4, ModelInputs.CountOf(plan));
        Assert.Equal(5, ModelSchema.For(plan).Length);

        double[] Of(float some, float much)
        {
            var inputs = new double[4];
            fitted.Apply([7, some, much], inputs);
            return inputs[1..];
        }

        Assert.Equal([0.0, 0, 0], Of(0, 0));
        Assert.Equal([1.0, 0, 0], Of(1, 0));

        // Nobody has "much" in enough rows: it is not agreed.
        Assert.Equal([1.0, 0, 1], Of(0, 1));
        Assert.Equal([1.0, 0, 1], Of(CellMarks.Missing, CellMarks.Missing));
        Assert.Equal([1.0, 0, 1], Of(CellMarks.Undeclared, CellMarks.Undeclared));
    }

    [Fact]
    public void Shares_of_levels_scale_their_inputs()
    {
        var plan = Plan();
        var fitted = FittedPreprocessing.Fit(plan, Sum(plan, [SumsOf(plan, [1, 2], [5, 3, 2])]));
        var some = fitted.Features[1].Inputs[0];
        Assert.Equal(("pain=some", 0.3), (some.Name, some.Mean));
        Assert.Equal(MathNet.Numerics.Statistics.Statistics.StandardDeviation([0, 0, 0, 0, 0, 1, 1, 1, 0, 0]), some.Scale, 1e-12);
    }

    [Fact]
    public void Without_a_value_anywhere_and_with_one_only_inputs_stay_finite()
    {
        var plan = Plan();
        foreach (var numbers in new double[][] { [], [50], [50, 50, 50] })
        {
            var fitted = FittedPreprocessing.Fit(plan, Sum(plan, [SumsOf(plan, numbers, [0, 0, 0])]));
            var inputs = new double[3];
            fitted.Apply([3, 1, 0], inputs);
            Assert.Equal(50, fitted.Features[0].Inputs[0].Scale);
            Assert.All(inputs, input => Assert.True(double.IsFinite(input)));
        }
    }

    [Fact]
    public void Sums_that_cannot_be_give_figures_all_the_same()
    {
        var plan = Plan();
        var wrong = SumsOf(plan, [1, 2, 3], [1, 1, 1]);
        (wrong.Features[0].Sum, wrong.Features[0].Squares) = (FixedPoint.OfReal(1e8), FixedPoint.OfReal(-1e8));
        (wrong.Features[1].Cells[0], wrong.Rows) = (0, 0);
        var age = FittedPreprocessing.Fit(plan, SumsCodec.Encode(plan, wrong)).Features[0].Inputs[0];
        Assert.InRange(age.Mean, 0, 100);
        Assert.InRange(age.Scale, 1e-6, 1000);

        var negative = new float[SumsCodec.LengthOf(plan)];
        Array.Fill(negative, -3);
        Assert.All(FittedPreprocessing.Fit(plan, new(negative)).Features.SelectMany(feature => feature.Inputs), input => Assert.True(double.IsFinite(input.Mean) && input.Scale > 0));
    }

    [Fact]
    public void The_median_is_imputed_where_the_plan_says_so()
    {
        var plan = Plan(root => root["preprocessing"]!["features"]![0]!["impute"] = "median");
        var fitted = FittedPreprocessing.Fit(plan, Sum(plan, [SumsOf(plan, [5, 5, 5, 95], [])]));
        Assert.Equal(20.0 / 3, fitted.Features[0].ImputedNumber, 1e-9);
    }

    [Theory]
    [InlineData("{\"features\":[]}", "$.preprocessing.features", "missing: age")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":1,\"to\":1}]}", "$.preprocessing.features[0].to", "must be above from")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"to\":1}]}", "$.preprocessing.features[0].from", "is required")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1,\"bins\":1}]}", "$.preprocessing.features[0].bins", "from 2 to 1,000")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1,\"missing\":[\"?\"]}]}", "$.preprocessing.features[0].missing", "numbers only")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1,\"impute\":\"most-frequent\"}]}", "$.preprocessing.features[0].impute", "known: mean, median")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1},{\"name\":\"weight\",\"from\":0,\"to\":1}]}", "$.preprocessing.features[1].name", "no feature of the schema")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1},{\"name\":\"pain\",\"from\":0}]}", "$.preprocessing.features[1].from", "no meaning for a categorical feature")]
    [InlineData("{\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1}],\"label\":{\"from\":0,\"to\":1}}", "$.preprocessing.label", "where it is numeric only")]
    [InlineData("{\"scaling\":\"minmax\",\"features\":[{\"name\":\"age\",\"from\":0,\"to\":1}]}", "$.preprocessing.scaling", "known: z-score, none")]
    public void What_is_wrong_is_one_fault_with_its_place(string preprocessing, string path, string message)
    {
        var root = JsonNode.Parse(Base)!;
        root["preprocessing"] = JsonNode.Parse(preprocessing);
        var fault = Assert.Single(TrainingPlanReader.Read(Encoding.UTF8.GetBytes(root.ToJsonString())).Faults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_with_no_other_standardization_and_with_no_image()
    {
        var local = JsonNode.Parse(Base)!;
        local["training"]!["standardization"] = "local";
        Assert.Equal("$.training.standardization", Assert.Single(TrainingPlanReader.Read(Encoding.UTF8.GetBytes(local.ToJsonString())).Faults).Path);

        var taken = JsonNode.Parse(Base)!;
        taken["dataset"]!["schema"]!["features"]!.AsArray().Add(JsonNode.Parse("""{ "name": "age missing" }"""));
        taken["preprocessing"]!["features"]![0]!["flagMissing"] = true;
        taken["preprocessing"]!["features"]!.AsArray().Add(JsonNode.Parse("""{ "name": "age missing", "from": 0, "to": 1 }"""));
        Assert.Contains("'age missing', which is there already", Assert.Single(TrainingPlanReader.Read(Encoding.UTF8.GetBytes(taken.ToJsonString())).Faults).Message, StringComparison.Ordinal);
    }

    private static TrainingPlan Plan(Action<JsonNode>? change = null)
    {
        var root = JsonNode.Parse(Base)!;
        change?.Invoke(root);
        var (plan, faults) = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(root.ToJsonString()));
        Assert.Empty(faults);
        return plan!;
    }

    private static DatasetSums SumsOf(TrainingPlan plan, double[] numbers, long[] levels)
    {
        var sums = DatasetSums.Empty(plan);
        var range = plan.Preprocessing!.Features[0].Range!;
        double[] scaled = [.. numbers.Select(number => (number - range.Pivot) / range.HalfWidth)];
        sums.Rows = numbers.Length;
        sums.Features[0].Present = numbers.Length;
        sums.Features[0].Sum = FixedPoint.OfReal(scaled.Sum());
        sums.Features[0].Squares = FixedPoint.OfReal(scaled.Sum(number => number * number));
        foreach (var number in numbers)
        {
            sums.Features[0].Cells[Math.Min(9, (int)(number / 10))]++;
        }

        levels.CopyTo(sums.Features[1].Cells, 0);
        return sums;
    }

    private static ParameterVector Sum(TrainingPlan plan, IEnumerable<DatasetSums> hospitals) => new(hospitals
        .Select(sums => SumsCodec.Encode(plan, sums).Span.ToArray())
        .Aggregate((left, right) => [.. left.Zip(right, (a, b) => a + b)]));
}

using FederatedOrleans.Aggregation;
using FederatedOrleans.Data;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Models;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FederatedOrleans.Training;

/// <summary>Trees of several hospitals side by side.</summary>
public sealed class TreeFamilyTests
{
    private static readonly Trainers Known = Trainers.BuiltIn;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_travels_gives_the_probabilities_that_ML_NET_gives()
    {
        var plan = Plan("one");
        var dataset = Toy.Dataset(400, test: 100, inputs: 5);
        var data = PreparedDataset.For(plan, dataset);
        var trained = Train(plan, "one", data, Zeros(plan));
        var ours = Known.FamilyOf(plan).Predict(plan, trained.Update, data.Test, Token);

        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 5);
        IDataView View(PreparedRows rows) => context.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows.Count).Select(row => new Row { Features = [.. rows.Row(row).ToArray().Select(x => (float)x)], Label = rows.Label(row) > 0.5 }), schema);
        var model = context.BinaryClassification.Trainers.FastTree(new()
        {
            NumberOfTrees = 20, NumberOfLeaves = 8, MinimumExampleCountPerLeaf = 5, LearningRate = 0.2, NumberOfThreads = 1,
        }).Fit(View(data.Train));
        var theirs = model.Transform(View(data.Test)).GetColumn<float>("Probability").ToArray();

        Assert.Equal(theirs.Length, ours.Length);
        Assert.All(theirs.Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.InRange(ours.Max() - ours.Min(), 0.5, 1);
    }

    [Fact]
    public void Hospitals_lie_side_by_side_and_have_a_say_by_their_rows()
    {
        var plan = Plan("south", "north");
        var (north, south) = (PreparedDataset.For(plan, Toy.Dataset(300, inputs: 5)), PreparedDataset.For(plan, Toy.Dataset(100, inputs: 5)));
        var northern = Train(plan, "north", north, Zeros(plan));
        var southern = Train(plan, "south", south, Zeros(plan));
        var model = new Union().Aggregate([("south", southern.Update, 100L), ("north", northern.Update, 300L)]);

        var half = model.Length / 2;
        Assert.Equal(northern.Update.Span[..half], model.Span[..half]);
        Assert.Equal(southern.Update.Span[half..], model.Span[half..]);
        double[] Of(ParameterVector which) => Known.FamilyOf(plan).Predict(plan, which, north.Test, Token);
        Assert.All(
            Of(model).Zip(Of(northern.Update), Of(southern.Update)),
            row => Assert.Equal(((300 * row.Second) + (100 * row.Third)) / 400, row.First, 9));
    }

    [Fact]
    public void A_hospital_whose_trees_are_in_the_model_adds_nothing()
    {
        var plan = Plan("one");
        var data = PreparedDataset.For(plan, Toy.Dataset(100, inputs: 5));
        var first = Train(plan, "one", data, Zeros(plan));
        var again = Train(plan, "one", data, first.Update);

        Assert.Equal(0, again.Update.Norm());
        Assert.Equal(first.MeanLoss, again.MeanLoss);
        Assert.Equal(first.Update.Digest, Train(plan, "one", data, Zeros(plan)).Update.Digest);
    }

    [Fact]
    public void A_hospital_with_one_class_gives_a_constant_that_does_not_drown_the_others()
    {
        var plan = Plan("one");
        var dataset = Toy.Dataset(60, inputs: 5);
        float[] inputs = [.. Enumerable.Range(0, 60).SelectMany(row => dataset.Inputs.Open().Row(row).ToArray())];
        var positives = new LocalDataset("toy", dataset.Schema, inputs, Enumerable.Repeat(true, 60), new([.. Enumerable.Range(0, 50)], [.. Enumerable.Range(50, 10)]));
        var data = PreparedDataset.For(plan, positives);
        var model = Train(plan, "one", data, Zeros(plan)).Update;
        var given = Known.FamilyOf(plan).Predict(plan, model, data.Test, Token);
        Assert.All(given, probability => Assert.InRange(probability, 0.9, 1));
    }

    [Fact]
    public void Without_any_trees_nothing_is_known()
    {
        var plan = Plan("one");
        var data = PreparedDataset.For(plan, Toy.Dataset(20, inputs: 5));
        var metrics = ModelEvaluation.Evaluate(Known, plan, Zeros(plan), data, Token);
        Assert.Equal(Math.Log(2), metrics.LogLoss, 9);
    }

    [Fact]
    public void Whatever_a_part_holds_predictions_stay_probabilities()
    {
        var plan = Plan("one");
        var data = PreparedDataset.For(plan, Toy.Dataset(60, inputs: 5));
        var trained = Train(plan, "one", data, Zeros(plan)).Update;
        var random = SeededRandom.For("spoil", 1);
        float[] strange = [float.MaxValue, -1, 0, 0.5f, 3, 1e9f, -20];
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            float[] model = [.. trained.Span];
            for (var change = 0; change <= random.NextInt32(4); change++)
            {
                model[random.NextInt32(model.Length)] = strange[random.NextInt32(strange.Length)];
            }

            Assert.All(Known.FamilyOf(plan).Predict(plan, new(model), data.Test, Token), probability => Assert.InRange(probability, 0, 1));
        }
    }

    private static ParameterVector Zeros(TrainingPlan plan) => InitialParameters.For(plan);

    private static TrainingResult Train(TrainingPlan plan, string hospital, PreparedDataset data, ParameterVector model) => Known.For(plan).Train(
        new() { Plan = plan, Hospital = hospital, Round = 1, Data = data, Model = model, Iterator = DataIteratorState.Start }, cancellationToken: Token);

    private static TrainingPlan Plan(params string[] hospitals)
    {
        var plan = Toy.Plan(learningRate: 0.2, steps: null, epochs: 1, standardization: "none", inputs: 5);
        return plan with { Model = new() { Kind = ModelKinds.TreeEnsemble, Trees = 20, Leaves = 8, LeafRows = 5 }, Hospitals = [.. hospitals] };
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}

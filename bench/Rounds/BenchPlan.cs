using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;
using FederatedOrleans.Simulation;

namespace FederatedOrleans.Bench.Rounds;

/// <summary>A plan whose training is one step on four rows: what is measured is all that is not training.</summary>
/// <param name="Hospitals">Hospitals, all of which must report.</param>
/// <param name="Parameters">Parameters of the model, at least 2.</param>
/// <param name="Rounds">Rounds.</param>
internal sealed record BenchPlan(int Hospitals, int Parameters, int Rounds)
{
    private const string Dataset = "bench";
    private const string Label = "label";
    private const int TrainRows = 4;
    private const int TestRows = 2;

    private IEnumerable<string> Features => Enumerable.Range(0, Parameters - 1).Select(feature => $"x{feature}");

    /// <summary>The plan, UTF-8 JSON. Only the final model is evaluated.</summary>
    public byte[] ToJson() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = 1,
        ["name"] = "bench",
        ["dataset"] = new JsonObject
        {
            ["name"] = Dataset,
            ["schema"] = new JsonObject
            {
                ["features"] = new JsonArray([.. Features.Select(name => new JsonObject { ["name"] = name })]),
                ["label"] = Label,
            },
        },
        ["model"] = new JsonObject { ["kind"] = "logistic-regression", ["initial"] = "uniform" },
        ["training"] = new JsonObject { ["learningRate"] = 0.01, ["batchSize"] = TrainRows, ["steps"] = 1 },
        ["rounds"] = Rounds,
        ["evaluation"] = new JsonObject { ["everyRounds"] = 100_000 },
        ["round"] = new JsonObject { ["goalCount"] = Hospitals, ["minimumReports"] = Hospitals },
    }.ToJsonString());

    /// <summary>The description of the dataset for nodes: files without a header, named for the hospital.</summary>
    public string ToDescription() => new JsonObject
    {
        ["name"] = Dataset,
        ["files"] = new JsonArray("{data}/processed.{hospital}.data"),
        ["header"] = false,
        ["columns"] = new JsonArray([.. Features.Append(Label).Select(name => (JsonNode)name)]),
        ["features"] = new JsonArray([.. Features.Select(name => new JsonObject { ["name"] = name })]),
        ["label"] = new JsonObject { ["name"] = Label, ["target"] = $"{Label} > 0" },
        ["split"] = new JsonObject { ["testFraction"] = (double)TestRows / (TrainRows + TestRows) },
    }.ToJsonString();

    /// <summary>A hospital's rows as a file for a node.</summary>
    public string ToFile(int hospital)
    {
        var random = SeededRandom.For("bench-rows", hospital);
        return string.Concat(Enumerable.Range(0, TrainRows + TestRows).Select(row =>
            string.Join(',', Features.Select(_ => random.NextDouble().ToString("R")).Append(row % 2 == 0 ? "1" : "0")) + "\n"));
    }

    /// <summary>The hospitals with their rows.</summary>
    public IEnumerable<SimulatedHospital> ToHospitals()
    {
        var schema = new DatasetSchema { Features = [.. Features.Select(name => new FeatureSpec { Name = name })], Label = Label };
        for (var hospital = 1; hospital <= Hospitals; hospital++)
        {
            var random = SeededRandom.For("bench-rows", hospital);
            var inputs = new float[(TrainRows + TestRows) * (Parameters - 1)];
            foreach (ref var value in inputs.AsSpan())
            {
                value = (float)random.NextDouble();
            }

            bool[] labels = [.. Enumerable.Range(0, TrainRows + TestRows).Select(row => row % 2 == 0)];
            yield return SimulatedHospital.WithRows($"hospital-{hospital}", Dataset, schema, inputs, labels, TestRows);
        }
    }
}

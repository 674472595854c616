using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;
using FederatedOrleans.Randomness;

namespace FederatedOrleans.Simulation;

/// <summary>Small made-up hospitals and a plan for them: what is tested is the rounds.</summary>
internal static class Toy
{
    /// <summary>Training rows of a hospital.</summary>
    public const int TrainRows = 20;

    /// <summary>Rows that a round of <see cref="Plan"/> takes: all of them once.</summary>
    public const int RowsARound = 20;

    private static readonly string[] Names = ["x", "y"];

    public static readonly string[] Hospitals = ["alpha", "beta", "delta", "gamma"];

    public static SimulatedHospital Hospital(string id, string label = "larger") => SimulatedHospital.Of(id, Dataset(id, label: label));

    /// <summary>A hospital's rows, the last four of them test rows; 20 training rows are what a round of <see cref="Plan"/> takes.</summary>
    public static LocalDataset Dataset(string id, int trainRows = TrainRows, string label = "larger")
    {
        const int TestRows = 4;
        var rows = trainRows + TestRows;
        var random = SeededRandom.For("toy", 1, id);
        var inputs = new float[rows * Names.Length];
        foreach (ref var value in inputs.AsSpan())
        {
            value = (float)random.NextDouble();
        }

        bool[] labels = [.. Enumerable.Range(0, rows).Select(row => inputs[row * 2] > inputs[(row * 2) + 1])];
        var schema = new DatasetSchema { Features = [.. Names.Select(name => new FeatureSpec { Name = name })], Label = label };
        return new LocalDataset(
            "toy", schema, inputs, labels, new RowSplit([.. Enumerable.Range(0, trainRows)], [.. Enumerable.Range(trainRows, TestRows)]));
    }

    /// <summary>A plan for them, the rules of its rounds as given; times by their names in a plan.</summary>
    public static byte[] Plan(
        int rounds,
        int minimumReports,
        string lease = "00:01:30",
        int attempts = 1,
        int groupSize = 64,
        params ReadOnlySpan<(string Name, string Value)> times)
    {
        var round = new JsonObject { ["minimumReports"] = minimumReports, ["leaseTime"] = lease, ["attempts"] = attempts };
        foreach (var (name, value) in times)
        {
            round[name] = value;
        }

        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["version"] = 1,
            ["name"] = "toy",
            ["dataset"] = new JsonObject
            {
                ["name"] = "toy",
                ["schema"] = new JsonObject
                {
                    ["features"] = new JsonArray([.. Names.Select(name => new JsonObject { ["name"] = name })]),
                    ["label"] = "larger",
                },
            },
            ["model"] = new JsonObject { ["kind"] = "logistic-regression" },
            ["training"] = new JsonObject { ["learningRate"] = 0.1, ["batchSize"] = 4, ["steps"] = RowsARound / 4 },
            ["aggregator"] = new JsonObject { ["groupSize"] = groupSize },
            ["rounds"] = rounds,
            ["evaluation"] = new JsonObject { ["everyRounds"] = 100_000 },
            ["round"] = round,
        }.ToJsonString());
    }
}

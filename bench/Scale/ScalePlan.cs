using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Plans;
using FederatedOrleans.Simulation;

namespace FederatedOrleans.Bench.Scale;

/// <summary>A rehearsal with so many participants, some of which drop out of each round.</summary>
/// <param name="Participants">Hospitals, all of which are invited.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Rounds">Rounds.</param>
internal sealed record ScalePlan(int Participants, int Parameters, int Rounds)
{
    private const string Dataset = "bench";

    // Of a tenth that drops out this leaves room for more in an unlucky round.
    private const double Goal = 0.8;

    private static readonly DatasetSchema Schema = new() { Features = [new FeatureSpec { Name = "x" }], Label = "label" };

    /// <summary>Reports that a round waits for.</summary>
    public int GoalCount => (int)(Participants * Goal);

    /// <summary>The plan, UTF-8 JSON.</summary>
    public byte[] ToJson() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = 1,
        ["name"] = "bench",
        ["dataset"] = new JsonObject
        {
            ["name"] = Dataset,
            ["schema"] = new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "x" }), ["label"] = "label" },
        },
        ["model"] = new JsonObject { ["kind"] = "rehearsal", ["parameters"] = Parameters },
        ["training"] = new JsonObject { ["learningRate"] = 0.01, ["batchSize"] = 1, ["steps"] = 1 },
        ["rounds"] = Rounds,
        ["round"] = new JsonObject
        {
            ["goalCount"] = GoalCount,
            ["minimumReports"] = GoalCount / 2,
            ["overSelection"] = 1.3,
            ["grace"] = "00:00:00",
            ["leaseTime"] = "00:30:00",
        },
    }.ToJsonString());

    /// <summary>The hospitals, each with four rows.</summary>
    public IEnumerable<SimulatedHospital> ToHospitals() => Enumerable.Range(1, Participants).Select(hospital => SimulatedHospital.WithRows(
        string.Create(CultureInfo.InvariantCulture, $"hospital-{hospital:00000}"), Dataset, Schema, [1, 2, 3, 4], [true, false, true, false], testRows: 1));
}

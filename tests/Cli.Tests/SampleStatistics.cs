using System.Text;
using FederatedOrleans.Client;
using FederatedOrleans.Identity;
using FederatedOrleans.Models;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Cli.Tests;

/// <summary>A plan with preprocessing, its statistics, and a model trained by them.</summary>
internal static class SampleStatistics
{
    private static readonly byte[] PlanBytes = Encoding.UTF8.GetBytes("""
        {
          "version": 1, "name": "heart", "rounds": 1,
          "dataset": { "name": "heart", "schema": {
            "features": [ { "name": "age" }, { "name": "sex", "kind": "categorical", "levels": ["f", "m"] } ], "label": "disease" } },
          "model": { "kind": "logistic-regression" },
          "training": { "learningRate": 0.1, "batchSize": 8, "steps": 10 },
          "preprocessing": { "features": [ { "name": "age", "from": 0, "to": 100, "bins": 2, "flagMissing": true, "missing": [-1] } ] }
        }
        """);

    public static TrainingPlan Plan { get; } = TrainingPlanReader.Read(PlanBytes).Plan!;

    public static ParameterVector Sums { get; } = Make();

    public static StatisticsView View => new()
    {
        Plan = PlanBytes,
        Manifest = Manifest(0, ContentDigest.Of("zero"u8), Sums.Digest),
        Sums = Sums.AsBytes().ToArray(),
    };

    public static DownloadedModel Model()
    {
        var payload = new ParameterVector([1, 2, 3, 4]).AsBytes().ToArray();
        return new(
            new()
            {
                Version = 1,
                Digest = ContentDigest.Of(payload),
                ByteLength = payload.Length,
                Plan = PlanBytes,
                Lineage = [Manifest(1, ContentDigest.Of("zero"u8), ContentDigest.Of(payload)) with { StateAfter = new ServerState { Statistics = Sums.Digest } }],
                Statistics = View.Sums,
            },
            payload);
    }

    private static RoundManifest Manifest(int round, ContentDigest before, ContentDigest after) =>
        Sample.Manifest("run-one", round, 1, default, before, after) with { PlanDigest = ContentDigest.Of(PlanBytes) };

    private static ParameterVector Make()
    {
        var sums = DatasetSums.Empty(Plan);
        var (age, sex) = (sums.Features[0], sums.Features[1]);
        (sums.Rows, age.Present, age.Missing, age.Withheld) = (40, 20, 20, 1);
        (age.Sum, age.Squares, age.Cells[0], age.Cells[1]) = (FixedPoint.OfReal(-4), FixedPoint.OfReal(2), 15, 5);
        (sex.Cells[0], sex.Cells[1]) = (10, 30);
        (sums.Label.Cells[0], sums.Label.Cells[1]) = (25, 15);
        return SumsCodec.Encode(Plan, sums);
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>The reference weights through the whole stack.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class GoldenTests(HospitalsFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task The_processes_reach_the_reference_weights()
    {
        Assert.SkipWhen(TestFiles.HeartDisease is null, HeartDiseaseFiles.Missing);
        var federation = fixture.Federation;
        var run = await federation.SubmitAsync(TestPlan.Make(plan =>
        {
            plan["model"]!["initial"] = "zeros";
            plan["training"]!["shuffle"] = false;
        }));

        var versions = await federation.CompleteAsync(run);

        Assert.Equal(15, versions.Count);
        Assert.All(versions, version => Assert.Equal(TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital)));
        var worst = 0.0;
        foreach (var (round, expected) in Golden())
        {
            var model = await federation.Client.DownloadModelAsync(run, round, TestContext.Current.CancellationToken);
            var weights = MemoryMarshal.Cast<byte, float>(model.Payload.Span).ToArray();
            Assert.Equal(expected.Length, weights.Length);
            worst = Math.Max(worst, weights.Zip(expected, (weight, reference) => Math.Abs(weight - reference)).Max());
        }

        output.WriteLine($"largest error {worst:E2}");
        Assert.InRange(worst, 0, 1e-6);
    }

    private static IEnumerable<(int Round, double[] Weights)> Golden()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestFiles.At("tests", "data", "heart-disease", "golden.json")));
        var rounds = document.RootElement.GetProperty("vectors").EnumerateArray()
            .Single(vector => vector.GetProperty("algorithm").GetString() == "FedAvg"
                && vector.GetProperty("hyperparameters").GetProperty("local_learning_rate").GetDouble() == 0.001)
            .GetProperty("rounds").EnumerateArray()
            .Select(round => (
                round.GetProperty("round").GetInt32(),
                round.GetProperty("weights").EnumerateArray().Append(round.GetProperty("bias")).Select(weight => weight.GetDouble()).ToArray()))
            .ToArray();
        Assert.Equal([1, 2, 15], rounds.Select(round => round.Item1));
        return rounds;
    }
}

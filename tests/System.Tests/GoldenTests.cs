using System.Runtime.InteropServices;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>The reference weights through the whole stack.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class GoldenTests(HospitalsFixture fixture, ITestOutputHelper output)
{
    [Theory]
    [InlineData("FedAvg", 0.001)]
    [InlineData("SCAFFOLD", 0.05)]
    [InlineData("FedAdam", 0.01)]
    public async Task The_processes_reach_the_reference_weights(string algorithm, double learningRate)
    {
        Assert.SkipWhen(TestFiles.HeartDisease is null, HeartDiseaseFiles.Missing);
        var federation = fixture.Federation;
        var run = await federation.SubmitAsync(TestPlan.Make(plan => GoldenVectors.Change(plan, algorithm, learningRate)));

        var versions = await federation.CompleteAsync(run);

        Assert.Equal(15, versions.Count);
        Assert.All(versions, version => Assert.Equal(TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital)));
        var golden = GoldenVectors.Read(TestFiles.At("tests", "data", "heart-disease", "golden.json"), algorithm, learningRate);
        Assert.Equal([1, 2, 15], golden.Weights.Keys.Order());
        var worst = 0.0;
        foreach (var round in golden.Weights.Keys)
        {
            var model = await federation.Client.DownloadModelAsync(run, round, TestContext.Current.CancellationToken);
            worst = Math.Max(worst, golden.Worst(round, MemoryMarshal.Cast<byte, float>(model.Payload.Span)));
        }

        output.WriteLine($"{algorithm}, learning rate {learningRate}: largest error {worst:E2}");
        Assert.InRange(worst, 0, GoldenVectors.Tolerance);
    }
}

using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FederatedOrleans.Federations;

namespace FederatedOrleans;

/// <summary>Encoded updates through real processes.</summary>
[Collection(HospitalsGroup.Name)]
public sealed class EncodingTests(HospitalsFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Updates_of_eight_bits_give_nearly_the_model_of_whole_ones()
    {
        var plain = await TrainAsync(_ => { });
        var encoded = await TrainAsync(plan => plan["transfer"] = new JsonObject { ["update"] = "int8", ["compression"] = "lz4" });

        var largest = plain.Max(MathF.Abs);
        var difference = plain.Zip(encoded, (one, other) => MathF.Abs(one - other)).Max();
        output.WriteLine($"largest parameter {largest:F4}, off by {difference:E2}");
        Assert.NotEqual(0, difference);
        Assert.InRange(difference, 0, 0.01f * largest);
        foreach (var hospital in TestPlan.Hospitals)
        {
            // What its updates lost has stayed with it.
            Assert.NotEmpty(Directory.EnumerateFiles(fixture.Federation.Local.In(hospital, "site", "residuals")));
        }
    }

    private async Task<float[]> TrainAsync(Action<JsonObject> change)
    {
        var run = await fixture.Federation.SubmitAsync(TestPlan.Make(plan =>
        {
            plan["rounds"] = 3;
            change(plan);
        }));
        var versions = await fixture.Federation.CompleteAsync(run);
        Assert.Equal(3, versions.Count);
        Assert.All(versions, version => Assert.Equal(TestPlan.Hospitals, version.Manifest.Participants.Select(update => update.Hospital)));
        var model = await fixture.Federation.Client.DownloadModelAsync(run, 3, TestContext.Current.CancellationToken);
        return MemoryMarshal.Cast<byte, float>(model.Payload.Span).ToArray();
    }
}

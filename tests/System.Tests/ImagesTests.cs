using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Federations;
using FederatedOrleans.Randomness;

namespace FederatedOrleans;

/// <summary>A convolutional network in real nodes with libtorch, and a node that has none.</summary>
public sealed class ImagesTests
{
    private const string Plan = """
        {
          "version": 1, "name": "spots", "rounds": 3,
          "dataset": { "name": "spots", "schema": { "image": { "channels": 1, "height": 8, "width": 8 }, "label": "left" } },
          "model": { "kind": "cnn", "layers": [{ "type": "conv", "channels": 2, "kernel": 3, "padding": 1 }, { "type": "relu" }, { "type": "max-pool" }] },
          "training": { "learningRate": 0.1, "momentum": 0.9, "batchSize": 16, "epochs": 10 },
          "evaluation": { "everyRounds": 3 },
          "round": { "goalCount": 3, "minimumReports": 2, "selectionWindow": "00:00:05", "reportingDeadline": "00:01:00" }
        }
        """;

    private const string Description = """
        {
          "name": "spots", "store": "npz", "files": ["{data}/spots.npz"], "image": { "channels": 1, "height": 8, "width": 8 },
          "arrays": [{ "images": "images", "labels": "labels" }], "label": { "name": "left" }, "split": { "testFraction": 0.3 }
        }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_with_libtorch_learn_and_one_without_declines_and_says_why()
    {
        var trainers = Path.GetDirectoryName(TestFiles.Program("Torch", "FederatedOrleans.Torch.dll"))!;
        await using var federation = await TestFederation.StartCentreAsync(1, null, options => options with
        {
            NodeSettings = hospital => hospital == "without" ? [] : new JsonObject { ["trainers"] = new JsonArray(trainers) },
        });
        var description = Path.Combine(federation.Folder, "spots.json");
        await File.WriteAllTextAsync(description, Description, Token);
        foreach (var (index, hospital) in new[] { "one", "two", "without" }.Index())
        {
            var folder = Directory.CreateDirectory(Path.Combine(federation.Folder, $"images-{index}")).FullName;
            await federation.AddAsync(hospital, Archive(folder, index), description, "spots", trainer: "cnn");
            federation.Local.StartHospital(hospital);
        }

        await federation.Local.WaitForHospitalsAsync(Token);
        var run = await federation.SubmitAsync(Encoding.UTF8.GetBytes(Plan));
        var versions = await federation.CompleteAsync(run);

        Assert.All(versions, version => Assert.Equal(["one", "two"], version.Manifest.Participants.Select(update => update.Hospital)));
        Assert.Contains(versions, version => version.Manifest.LeftOut.Any(left => left is { Hospital: "without" } && left.Reason.Contains("trainer", StringComparison.Ordinal)));
        Assert.Equal(["one", "two"], versions[^1].Evaluations.Select(evaluation => evaluation.Hospital));
        Assert.All(versions[^1].Evaluations, evaluation => Assert.InRange(evaluation.Metrics.Auc!.Value, 0.9, 1));
    }

    /// <summary>A bright spot in the left or the right half of a noisy image.</summary>
    private static string Archive(string folder, int seed)
    {
        const int Count = 400;
        var random = SeededRandom.For("spots", seed);
        var (images, labels) = (new byte[Count * 64], new byte[Count]);
        for (var image = 0; image < Count; image++)
        {
            for (var pixel = 0; pixel < 64; pixel++)
            {
                images[(image * 64) + pixel] = (byte)random.NextInt32(80);
            }

            labels[image] = (byte)random.NextInt32(2);
            images[(image * 64) + (random.NextInt32(8) * 8) + random.NextInt32(4) + (labels[image] == 1 ? 0 : 4)] = 255;
        }

        var path = Path.Combine(folder, "spots.npz");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        NpzWriter.Add(archive, "images", "(400, 8, 8)", images);
        NpzWriter.Add(archive, "labels", "(400,)", labels);
        return path;
    }
}

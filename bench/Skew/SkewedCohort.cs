using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FederatedOrleans.Randomness;
using FederatedOrleans.Simulation;

namespace FederatedOrleans.Bench.Skew;

/// <summary>Six hospitals with PneumoniaMNIST's training images, each with validation and test images of its own.</summary>
internal sealed class SkewedCohort
{
    private const double HeldOut = 0.2;
    private const string Lists = "chest-x-rays-split.json";

    private SkewedCohort(ImmutableArray<SimulatedHospital> hospitals, ImmutableArray<string> testCounts) => (Hospitals, TestCounts) = (hospitals, testCounts);

    /// <summary>How many hospitals.</summary>
    public static int Count => 6;

    /// <summary>The hospitals.</summary>
    public ImmutableArray<SimulatedHospital> Hospitals { get; }

    /// <summary>Test images of each, by class.</summary>
    public ImmutableArray<string> TestCounts { get; }

    /// <summary>Cuts the images of each hospital and loads them.</summary>
    public static async Task<SkewedCohort> MakeAsync(string archive, CancellationToken cancellationToken)
    {
        var folder = BenchFolders.Create().FullName;
        var samples = Path.Combine(BenchFolders.Repository(), "samples", "datasets");
        var labels = await Images.ImageArchive.LabelsAsync(archive, cancellationToken);
        var split = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(samples, Lists), cancellationToken))!;
        var names = split["hospitals"]!.AsObject().Select(hospital => hospital.Key).ToArray();
        var counts = new List<string>();
        foreach (var name in names)
        {
            var (train, validation, test) = (new JsonArray(), new JsonArray(), new JsonArray());
            var tested = new int[2];
            foreach (var images in Rows(split["hospitals"]![name]!["train"]!.AsArray()).GroupBy(image => labels[image]).OrderBy(group => group.Key))
            {
                int[] rows = [.. images];
                SeededRandom.For("skew", 1, name, $"{images.Key}").Shuffle(rows.AsSpan());
                var held = (int)Math.Round(rows.Length * HeldOut);
                Add(test, rows.AsSpan(0, held));
                Add(validation, rows.AsSpan(held, held));
                Add(train, rows.AsSpan(2 * held));
                tested[images.Key] = held;
            }

            counts.Add($"{tested[0]} + {tested[1]}");
            split["hospitals"]![name] = new JsonObject { ["train"] = train, ["validation"] = validation, ["test"] = test };
        }

        await File.WriteAllTextAsync(Path.Combine(folder, Lists), split.ToJsonString(), cancellationToken);
        var description = Path.Combine(folder, "chest-x-rays.json");
        File.Copy(Path.Combine(samples, "chest-x-rays.json"), description);
        var hospitals = await Task.WhenAll(names.Select(name =>
            SimulatedHospital.FromFilesAsync(name, [description], Path.GetDirectoryName(archive), cancellationToken)));
        return new([.. hospitals], [.. counts]);
    }

    private static void Add(JsonArray list, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            list.Add(row);
        }
    }

    private static IEnumerable<int> Rows(JsonArray list) => list.SelectMany(item =>
    {
        if (item!.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            return [item.GetValue<int>()];
        }

        var ends = item.GetValue<string>().Split("..").Select(int.Parse).ToArray();
        return Enumerable.Range(ends[0], ends[1] - ends[0] + 1);
    });
}

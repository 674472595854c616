using System.Text;
using System.Text.Json.Nodes;
using FederatedOrleans.Data;
using FederatedOrleans.Plans;

namespace FederatedOrleans;

/// <summary>The reference task as the product's own sample files describe it.</summary>
internal static class HeartDisease
{
    public static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];

    public static TrainingPlan Plan { get; } =
        TrainingPlanReader.Read(File.ReadAllBytes(TestFiles.At("samples", "plans", "fed-heart-disease.json"))).Plan!;

    /// <summary>The sample plan that preprocesses by statistics of all hospitals.</summary>
    public static TrainingPlan StatisticsPlan { get; } =
        TrainingPlanReader.Read(File.ReadAllBytes(TestFiles.At("samples", "plans", "heart-disease-statistics.json"))).Plan!;

    /// <summary>The sample plan, changed.</summary>
    public static TrainingPlan Changed(Action<JsonObject> change)
    {
        var plan = JsonNode.Parse(File.ReadAllBytes(TestFiles.At("samples", "plans", "fed-heart-disease.json")))!.AsObject();
        change(plan);
        var (read, faults) = TrainingPlanReader.Read(Encoding.UTF8.GetBytes(plan.ToJsonString()));
        return read ?? throw new ArgumentException(string.Join("; ", faults), nameof(change));
    }

    public static async Task<LocalDataset[]> LoadAsync(CancellationToken cancellationToken, int minimumCell = DatasetOptions.DefaultMinimumCell)
    {
        var folder = TestFiles.HeartDisease;
        Assert.SkipWhen(folder is null, HeartDiseaseFiles.Missing);
        var datasets = new List<LocalDataset>();
        foreach (var hospital in Hospitals)
        {
            var options = await DatasetOptionsReader.ReadFileAsync(
                TestFiles.At("samples", "datasets", "heart-disease.json"), hospital, folder, cancellationToken);
            datasets.Add(await LocalDatasetLoader.LoadAsync(options with { MinimumCell = minimumCell }, cancellationToken));
        }

        return [.. datasets];
    }
}

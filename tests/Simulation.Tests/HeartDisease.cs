using System.Text;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Simulation;

/// <summary>The reference task as the product's own sample files describe it.</summary>
internal static class HeartDisease
{
    public static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];

    public static string Description { get; } = TestFiles.At("samples", "datasets", "heart-disease.json");

    /// <summary>The sample plan, changed.</summary>
    public static byte[] Plan(Action<JsonObject> change)
    {
        var plan = JsonNode.Parse(File.ReadAllBytes(TestFiles.At("samples", "plans", "fed-heart-disease.json")))!.AsObject();
        change(plan);
        return Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    /// <summary>All four must report: else how quick a hospital is would decide what the model is.</summary>
    public static JsonObject WithAllFour(this JsonObject plan)
    {
        plan["round"]!["minimumReports"] = 4;
        return plan;
    }

    public static async Task<SimulatedHospital[]> HospitalsAsync(CancellationToken cancellationToken)
    {
        var folder = TestFiles.HeartDisease();
        return await Task.WhenAll(Hospitals.Select(hospital =>
            SimulatedHospital.FromFilesAsync(hospital, [Description], folder, cancellationToken)));
    }
}

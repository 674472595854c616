using System.Text.Json.Nodes;

namespace FederatedOrleans.Federations;

/// <summary>Plans on the heart disease dataset, made from the sample.</summary>
internal static class TestPlan
{
    /// <summary>The name that the test federation's hospitals have approved.</summary>
    public const string Name = "system-test";

    public static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];

    /// <summary>The sample with short times, changed.</summary>
    public static byte[] Make(Action<JsonObject>? change = null)
    {
        var plan = JsonNode.Parse(File.ReadAllText(TestFiles.At("samples", "plans", "fed-heart-disease.json")))!.AsObject();
        plan["name"] = Name;
        plan["hospitals"] = new JsonArray([.. Hospitals.Select(hospital => (JsonNode)hospital)]);
        var round = plan["round"]!.AsObject();
        round["minimumReports"] = 4;
        round["leaseTime"] = "00:00:20";
        round["selectionWindow"] = "00:00:30";
        round["reportingDeadline"] = "00:02:00";
        change?.Invoke(plan);
        return System.Text.Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    /// <summary>The sample as it is, with all hospitals needed, under the name that they have approved.</summary>
    public static byte[] Sample()
    {
        var plan = JsonNode.Parse(File.ReadAllText(TestFiles.At("samples", "plans", "fed-heart-disease.json")))!.AsObject();
        plan["name"] = Name;
        plan["round"]!["minimumReports"] = 4;
        return System.Text.Encoding.UTF8.GetBytes(plan.ToJsonString());
    }

    /// <summary>A plan that trains for seconds, so that there is time to interfere.</summary>
    public static byte[] Long(Action<JsonObject>? change = null) => Make(plan =>
    {
        plan["rounds"] = 4;
        plan["training"]!["steps"] = 1_000_000;
        plan["training"]!["batchSize"] = 32;
        plan["evaluation"]!["everyRounds"] = 100;
        plan["round"]!["minimumReports"] = 3;
        plan["round"]!["leaseTime"] = "00:00:04";
        plan["round"]!["selectionWindow"] = "00:00:10";
        change?.Invoke(plan);
    });
}

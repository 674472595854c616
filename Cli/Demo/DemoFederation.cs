using System.Text.Json;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Cli.Demo;

/// <summary>The demo's federation: hospitals with the records of the heart disease study, each of which has approved the plan.</summary>
internal static class DemoFederation
{
    /// <summary>Makes the federation and starts its processes.</summary>
    public static async Task<LocalFederation> StartAsync(
        CliContext context, DemoOptions options, DemoData data, string root, string plan, CancellationToken cancellationToken)
    {
        var federation = new LocalFederation(context, new() { Root = root, Silo = options.Silo, Node = options.Node });
        try
        {
            await federation.StartCentreAsync(cancellationToken);
            var dataset = DescribeDataset(options, data, root);
            foreach (var hospital in options.Hospitals)
            {
                await federation.EnrolAsync(hospital, cancellationToken);
                federation.Furnish(hospital, Path.Combine(data.Folder, $"processed.{hospital}.data"), dataset);
                await federation.ApproveAsync(hospital, cancellationToken, "--plan", plan);
            }

            foreach (var hospital in options.Hospitals)
            {
                federation.StartHospital(hospital);
            }

            await federation.WaitForHospitalsAsync(cancellationToken);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    private static string DescribeDataset(DemoOptions options, DemoData data, string root)
    {
        if (!data.IsSynthetic)
        {
            return options.Dataset;
        }

        // The row lists are those of the real files; made-up rows are split by a seeded share.
        var description = ReadObject(options.Dataset)
            ?? throw new FederationException($"{options.Dataset} is no description of a dataset: it holds no JSON object.");
        description["split"] = new JsonObject { ["testFraction"] = 0.34, ["seed"] = 1 };
        var path = Path.Combine(root, "dataset.json");
        File.WriteAllText(path, description.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return path;
    }

    private static JsonObject? ReadObject(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using FederatedOrleans.Cli.Demo;

namespace FederatedOrleans.Federations;

/// <summary>Where things are: the repository, the built programs, the records.</summary>
internal static class TestFiles
{
    /// <summary>Folder of FederatedOrleans.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The real heart disease files, or null where they are not at hand.</summary>
    public static string? HeartDisease { get; } = HeartDiseaseFiles.Find(Root);

    public static string Fed => Program("Cli", "fed");

    public static string Silo => Program("Silo", "fed-silo");

    public static string Node => Program("HospitalNode", "fed-node");

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The hospitals' records and the description of their dataset: real, or else made up with rows split by a seeded share.</summary>
    public static (string Folder, string Dataset) Records(string scratch)
    {
        var description = At("samples", "datasets", "heart-disease.json");
        if (HeartDisease is { } real)
        {
            return (real, description);
        }

        SyntheticCohort.Write(scratch);
        var synthetic = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(description))!.AsObject();
        synthetic["split"] = new System.Text.Json.Nodes.JsonObject { ["testFraction"] = 0.34, ["seed"] = 1 };
        var path = Path.Combine(scratch, "dataset.json");
        File.WriteAllText(path, synthetic.ToJsonString());
        return (scratch, path);
    }

    // Built beside these tests, in the same configuration: .../bin/FederatedOrleans.System.Tests/release/.
    public static string Program(string project, string name)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, $"FederatedOrleans.{project}", own.Name, name);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FederatedOrleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("FederatedOrleans.sln is in no folder above the tests.");
    }
}

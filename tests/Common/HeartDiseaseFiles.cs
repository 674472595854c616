namespace FederatedOrleans;

/// <summary>The real heart disease files by the demo's rule, but for the download: <c>./test.sh</c> does that and names the folder.</summary>
internal static class HeartDiseaseFiles
{
    /// <summary>Why a test that needs them is skipped.</summary>
    public const string Missing =
        "The heart disease files are in neither FEDERATED_DATA nor ../shared/data; ./test.sh downloads them where the archive can be reached.";

    private static readonly string[] Names = ["cleveland", "hungarian", "switzerland", "va"];

    /// <summary>Their folder, or null where they are not at hand.</summary>
    /// <param name="root">The project's folder.</param>
    public static string? Find(string root) => Find(root, Environment.GetEnvironmentVariable("FEDERATED_DATA"));

    /// <summary>Their folder, or null where they are not at hand.</summary>
    /// <param name="root">The project's folder.</param>
    /// <param name="named">The folder that the environment names.</param>
    public static string? Find(string root, string? named) =>
        (from candidate in new[] { named, Path.Combine(root, "..", "shared", "data") }
         where !string.IsNullOrEmpty(candidate)
         from folder in new[] { candidate, Path.Combine(candidate, "heart-disease") }
         where Names.All(name => File.Exists(Path.Combine(folder, $"processed.{name}.data")))
         select Path.GetFullPath(folder)).FirstOrDefault();
}

namespace FederatedOrleans.Simulation;

/// <summary>Files of the repository and of the reference task.</summary>
internal static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Folder of the heart disease files; the test is skipped where they are not at hand.</summary>
    public static string HeartDisease()
    {
        var candidates = Environment.GetEnvironmentVariable("FEDERATED_DATA") is { Length: > 0 } named
            ? [named]
            : new[] { At("..", "shared", "data"), At("..", "..", "shared", "data") };
        var folder = candidates
            .Select(data => Path.GetFullPath(Path.Combine(data, "heart-disease")))
            .FirstOrDefault(data => File.Exists(Path.Combine(data, "processed.cleveland.data")));
        Assert.SkipWhen(folder is null, "The heart disease files are neither in FEDERATED_DATA nor in ../shared/data.");
        return folder!;
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

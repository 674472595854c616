namespace FederatedOrleans.Simulation;

/// <summary>Files of the repository and of the reference task.</summary>
internal static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Folder of the heart disease files; the test is skipped where they are not at hand.</summary>
    public static string HeartDisease()
    {
        var folder = HeartDiseaseFiles.Find(Root);
        Assert.SkipWhen(folder is null, HeartDiseaseFiles.Missing);
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

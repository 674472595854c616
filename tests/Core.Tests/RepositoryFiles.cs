namespace FederatedOrleans;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

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

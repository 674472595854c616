using System.Text;

namespace FederatedOrleans;

/// <summary>Files of the repository and a folder of its own for each test.</summary>
internal sealed class TestFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-tests-");

    public static string Root { get; } = FindRoot();

    /// <summary>Folder of the heart disease files, or null where they are not at hand.</summary>
    public static string? HeartDisease { get; } = HeartDiseaseFiles.Find(Root);

    public string Folder => _folder.FullName;

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

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

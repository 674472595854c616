namespace FederatedOrleans.Hosting;

/// <summary>A Silo's configuration file with what it must have, and what a test adds.</summary>
internal sealed class SiloFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-silo-json-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Writes it with more members, each after a comma, and gives its path.</summary>
    public string Write(string more)
    {
        var path = Path.Combine(_folder.FullName, "silo.json");
        File.WriteAllText(path, $$"""{ "version": 1, "kit": "kit", "data": "data", "tokenKey": "token.pub.pem"{{more}} }""");
        return path;
    }
}

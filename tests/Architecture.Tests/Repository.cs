using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FederatedOrleans;

/// <summary>The product's source as it lies beside the tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>Folders of the product's projects.</summary>
    public static string[] Projects { get; } =
    [
        .. Directory.EnumerateDirectories(Root)
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The folders of the projects that one names itself.</summary>
    public static string[] ReferencesOf(string project)
    {
        var file = Directory.EnumerateFiles(Path.Combine(Root, project), "*.csproj").Single();
        return
        [
            .. XDocument.Load(file).Descendants("ProjectReference")
                .Select(reference => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, reference.Attribute("Include")!.Value)))
                .Select(path => Path.GetFileName(Path.GetDirectoryName(path))!)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>All projects that one sees, however far.</summary>
    public static HashSet<string> SeenFrom(string project)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(ReferencesOf(project));
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next))
            {
                foreach (var further in ReferencesOf(next))
                {
                    open.Enqueue(further);
                }
            }
        }

        return seen;
    }

    /// <summary>The C# files of a project with comments and texts taken out where <paramref name="bare"/>.</summary>
    public static IEnumerable<(string Name, string Text)> SourceOf(string project, bool bare = false) =>
        Directory.EnumerateFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => (Path.GetRelativePath(Root, file), bare ? Bare(File.ReadAllText(file)) : File.ReadAllText(file)));

    private static string Bare(string text) =>
        Regex.Replace(text, """//[^\n]*|"(?:[^"\\\n]|\\.)*" """.TrimEnd(), "", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static string Here([CallerFilePath] string path = "") => path;
}

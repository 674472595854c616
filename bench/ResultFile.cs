using System.Runtime.CompilerServices;

namespace FederatedOrleans.Bench;

/// <summary>A table of results with the machine it was measured on.</summary>
internal static class ResultFile
{
    /// <summary>Prints the lines and writes them to bench/results, the machine named first.</summary>
    public static async Task WriteAsync(string name, string title, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        string[] all = [$"# {title}", "", $"Machine: {MachineName.Describe()}", "", .. lines];
        foreach (var line in all)
        {
            Console.WriteLine(line);
        }

        var path = Path.Combine(Folder(), name + ".md");
        await File.WriteAllTextAsync(path, string.Join('\n', all) + "\n", cancellationToken);
        Console.WriteLine($"\nwritten to {path}");
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(here)!, "results")).FullName;
}

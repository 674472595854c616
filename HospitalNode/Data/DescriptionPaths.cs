using System.Text.RegularExpressions;
using FederatedOrleans.Json;

namespace FederatedOrleans.Data;

/// <summary>The paths in the description of a dataset.</summary>
/// <remarks>
/// They are relative to the folder of the description. <c>{hospital}</c> stands for this hospital's id and <c>{data}</c> for the data
/// folder, so that one description serves every hospital.
/// </remarks>
internal sealed partial class DescriptionPaths
{
    private readonly string _hospital;
    private readonly string _dataFolder;

    /// <param name="folder">Folder of the description.</param>
    /// <param name="hospital">This hospital's id.</param>
    /// <param name="dataFolder">What <c>{data}</c> stands for; <paramref name="folder"/> when absent.</param>
    public DescriptionPaths(string folder, string hospital, string? dataFolder)
    {
        Folder = Path.GetFullPath(folder);
        _hospital = hospital;
        _dataFolder = Path.GetFullPath(dataFolder ?? ".", Folder);
    }

    /// <summary>Folder of the description.</summary>
    public string Folder { get; }

    /// <summary>The full path that a member means; a fault is noted where it is none.</summary>
    public string Full(JsonObjectReader reader, string member, string path)
    {
        var filled = Filled(reader, member, path);
        if (filled.Length == 0 || filled.Contains('\0', StringComparison.Ordinal))
        {
            reader.Fault(member, "must be the path of a file");
            return Folder;
        }

        return Path.GetFullPath(filled, Folder);
    }

    /// <summary>A text with the hospital and the data folder filled in.</summary>
    public string Filled(JsonObjectReader reader, string member, string text) => Placeholder().Replace(text, match =>
    {
        switch (match.Value)
        {
            case "{hospital}":
                return _hospital;
            case "{data}":
                return _dataFolder;
            default:
                reader.Fault(member, $"{JsonObjectReader.Quote(match.Value)} is unknown; known: {{hospital}}, {{data}}");
                return match.Value;
        }
    });

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}

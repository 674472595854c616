using System.Collections.Immutable;
using System.Globalization;

namespace FederatedOrleans.Data;

/// <summary>What stores of files have in common.</summary>
internal static class DataFiles
{
    /// <summary>Asks for all files at once.</summary>
    /// <exception cref="DatasetException">One or more are not there.</exception>
    public static void Require(ImmutableArray<string> files)
    {
        var missing = files.Where(file => !File.Exists(file)).Select(file => $"The data file {file} does not exist.").ToArray();
        if (missing.Length > 0)
        {
            throw new DatasetException(missing);
        }
    }

    /// <summary>Times and lengths of files.</summary>
    public static string StampOf(params IEnumerable<string> files) => string.Join('|', files.Select(path =>
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}:{file.Length}") : "-";
    }));
}

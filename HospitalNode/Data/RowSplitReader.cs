using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FederatedOrleans.Json;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Data;

/// <summary>Reads a hospital's row lists from a JSON file.</summary>
internal static class RowSplitReader
{
    private const int MaximumBytes = 256 * 1024 * 1024;
    private const int MostRows = 1_000_000_000;

    /// <summary>The lists, or nothing and the reasons in <paramref name="faults"/>.</summary>
    public static async Task<RowSplit?> ReadAsync(SplitOptions options, List<string> faults, CancellationToken cancellationToken)
    {
        var path = options.File!;
        byte[] json;
        try
        {
            json = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(File.Exists(path) ? $"The file of row lists {path} cannot be read." : $"The file of row lists {path} does not exist.");
            return null;
        }

        var found = new List<PlanFault>();
        using var document = JsonInput.Parse(json, MaximumBytes, found);
        var split = document is null ? null : Read(document.RootElement, options, found);
        faults.AddRange(found.Select(fault => $"{Path.GetFileName(path)}: {fault}."));
        return found.Count == 0 ? split : null;
    }

    private static RowSplit? Read(JsonElement root, SplitOptions options, List<PlanFault> faults)
    {
        var element = root;
        foreach (var step in options.Hospital.Split('/').Skip(1))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(Unescaped(step), out element))
            {
                faults.Add(new("$", $"nothing stands at {JsonObjectReader.Quote(options.Hospital)}"));
                return null;
            }
        }

        // Other members (counts, a file's name) may stand beside the lists.
        var reader = JsonObjectReader.Of(element, $"${options.Hospital.Replace('/', '.')}", faults);
        return reader is null ? null : new(Rows(reader, options.Train, faults), Rows(reader, options.Test, faults))
        {
            Validation = options.Validation is { } validation ? Rows(reader, validation, faults) : [],
        };
    }

    // JSON pointer, RFC 6901.
    private static string Unescaped(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static ImmutableArray<int> Rows(JsonObjectReader reader, string name, List<PlanFault> faults)
    {
        var rows = ImmutableArray.CreateBuilder<int>();
        foreach (var (value, path) in reader.Items(name, required: true) ?? [])
        {
            if (value.ValueKind == JsonValueKind.String && RangeOf(value.GetString()!) is var (first, last) && rows.Count + (last - first) < MostRows)
            {
                rows.AddRange(Enumerable.Range(first, last - first + 1));
            }
            else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var row) && row >= 0)
            {
                rows.Add(row);
            }
            else
            {
                faults.Add(new(path, "must be the number of a row, 0 or a whole number above, or a range of rows such as \"100..199\""));
                break;
            }
        }

        return rows.ToImmutable();
    }

    private static (int First, int Last)? RangeOf(string text) =>
        text.Split("..") is [var first, var last]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && from <= to ? (from, to) : null;
}

namespace FederatedOrleans.Json;

/// <summary>Finds the name that a person most likely meant.</summary>
internal static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary><c>; did you mean 'x'?</c>, or nothing where no known name is near.</summary>
    public static string Hint(string text, IEnumerable<string> known)
    {
        if (text.Length is 0 or > LongestCompared)
        {
            return "";
        }

        var best = known
            .Select(name => (Name: name, Distance: Distance(Folded(text), Folded(name))))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) && best.Distance < text.Length
            ? $"; did you mean '{best.Name}'?"
            : "";
    }

    // batch_size, BatchSize and batch-size are all batchSize to the one who wrote them.
    private static string Folded(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    // Levenshtein, two rows.
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}

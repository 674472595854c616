using System.Text.RegularExpressions;

namespace FederatedOrleans;

/// <summary>Each sentence of docs/rounds.md about what happens once names a test that is there.</summary>
public sealed partial class ExactlyOnceTests
{
    [Fact]
    public void Every_sentence_names_tests_that_exist()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rounds.md"));
        var section = Section().Match(page).Groups["rows"].Value;
        var rows = Row().Matches(section).ToArray();
        Assert.True(rows.Length >= 7, $"only {rows.Length} sentences");

        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText, StringComparer.Ordinal);
        Assert.All(rows, row =>
        {
            var named = Named().Matches(row.Groups["tests"].Value).ToArray();
            Assert.NotEmpty(named);
            Assert.All(named, test => Assert.True(
                tests[test.Groups["class"].Value].Any(text => TestOf(text, test.Groups["method"].Value)), $"{test.Value} is no test"));
        });
    }

    private static bool TestOf(string text, string method) =>
        Regex.IsMatch(text, $@"\[(?:Fact|Theory)[^\n]*\](?:\s*\[[^\n]*\])*\s*public (?:async Task|Task|void) {method}\(", RegexOptions.None, TimeSpan.FromSeconds(5));

    [GeneratedRegex(@"\n## Exactly once\n(?<rows>.*?)\n## ", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| \d[^|]*\|[^|]*\| (?<tests>[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>\w+)\.(?<method>\w+)`")]
    private static partial Regex Named();
}

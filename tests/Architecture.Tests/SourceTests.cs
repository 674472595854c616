using System.Text.RegularExpressions;

namespace FederatedOrleans;

/// <summary>Conventions that no compiler keeps.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] GrainProjects = ["Grains.Interfaces", "Grains", "HospitalNode"];

    [Fact]
    public void Core_knows_no_clock_tasks_files_or_logs() => Assert.Empty(
        from file in Repository.SourceOf("Core", bare: true)
        from Match match in Impure().Matches(file.Text)
        select $"{file.Name}: {match.Value}");

    [Fact]
    public void Every_grain_class_has_its_grain_type() => Assert.Empty(
        from project in GrainProjects
        from file in Repository.SourceOf(project)
        from Match match in GrainClass().Matches(file.Text)
        where !match.Groups["attributes"].Value.Contains("[GrainType(\"", StringComparison.Ordinal)
        select $"{file.Name}: {match.Groups["name"].Value}");

    [Fact]
    public void Every_grain_interface_has_its_type_and_its_methods_their_alias()
    {
        var interfaces = (
            from project in Repository.Projects
            from file in Repository.SourceOf(project, bare: false)
            where GrainInterface().IsMatch(file.Text)
            select file).ToArray();
        Assert.True(interfaces.Length >= 8, $"only {interfaces.Length} found");
        Assert.Empty(
            from file in interfaces
            let body = file.Text[GrainInterface().Match(file.Text).Index..]
            let methods = Method().Count(body)
            let aliases = body.Split("[Alias(\"").Length - 1
            where !file.Text.Contains("[GrainInterfaceType(\"fo.", StringComparison.Ordinal) || methods != aliases
            select $"{file.Name}: {methods} methods, {aliases} aliases");
    }

    [Fact]
    public void Every_serialised_type_has_an_alias() => Assert.Empty(
        from project in Repository.Projects
        from file in Repository.SourceOf(project)
        from Match match in Serialised().Matches(file.Text)
        where !match.Value.Contains("Alias(\"fo.", StringComparison.Ordinal)
        select $"{file.Name}: {match.Value}");

    [Fact]
    public void Aliases_of_types_are_unique() => AssertUnique(Serialised(), TypeAlias());

    [Fact]
    public void Names_of_stored_states_are_unique() => AssertUnique(StoredState(), StoredState());

    [Fact]
    public void Names_of_grain_types_are_unique() => AssertUnique(GrainTypeName(), GrainTypeName());

    private static void AssertUnique(Regex places, Regex names)
    {
        var found = (
            from project in Repository.Projects
            from file in Repository.SourceOf(project)
            from Match place in places.Matches(file.Text)
            select names.Match(place.Value).Groups["name"].Value).ToArray();
        Assert.NotEmpty(found);
        Assert.Empty(found.CountBy(name => name, StringComparer.Ordinal).Where(count => count.Value > 1).Select(count => count.Key));
    }

    // A DateTime is let pass as a value, since a calendar's local times are of no zone; asking one for the time is not.
    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:UtcNow|Now|Today)\b|\bStopwatch\b|\bTimeProvider\b|\bTask\b|\bValueTask\b|\basync\b|\bawait\b|\bFile\.|\bDirectory\.|\bILogger\b|\bConsole\b|\bIServiceProvider\b|\bHttpClient\b")]
    private static partial Regex Impure();

    [GeneratedRegex(@"(?<attributes>(?:^\s*\[[^\n]*\]\s*\n)*)^\s*(?:public|internal)[^\n]*\bclass (?<name>\w+)\((?:[^()]|\([^()]*\))*\)\s*:\s*Grain\b", RegexOptions.Multiline)]
    private static partial Regex GrainClass();

    [GeneratedRegex(@"interface \w+ : (?:IGrainWithStringKey|IGrainObserver|IGrainWithGuidKey|IGrainWithIntegerKey)")]
    private static partial Regex GrainInterface();

    [GeneratedRegex(@"^    (?:Task|ValueTask|IAsyncEnumerable)(?:<[^;(]*>)? \w+\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"^\s*\[GenerateSerializer[^\n]*(?:\n\s*\[[^\n]*)*", RegexOptions.Multiline)]
    private static partial Regex Serialised();

    [GeneratedRegex(@"Alias\(""(?<name>[^""]+)""\)")]
    private static partial Regex TypeAlias();

    [GeneratedRegex(@"\[PersistentState\(""(?<name>[^""]+)""")]
    private static partial Regex StoredState();

    [GeneratedRegex(@"\[GrainType\(""(?<name>[^""]+)""")]
    private static partial Regex GrainTypeName();
}

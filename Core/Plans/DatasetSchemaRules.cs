using System.Collections.Immutable;
using System.Globalization;
using FederatedOrleans.Json;

namespace FederatedOrleans.Plans;

/// <summary>What makes a schema sound, wherever it is written: in a plan, or in the description of a hospital's dataset.</summary>
public static class DatasetSchemaRules
{
    /// <summary>The word for <see cref="FeatureKind.Numeric"/>, and for <see cref="LabelKind.Numeric"/>.</summary>
    public const string Numeric = "numeric";

    /// <summary>The word for <see cref="FeatureKind.Categorical"/>, and for <see cref="LabelKind.Categorical"/>.</summary>
    public const string Categorical = "categorical";

    /// <summary>The word for <see cref="LabelKind.Binary"/>.</summary>
    public const string Binary = "binary";

    /// <summary>Most classes of a label.</summary>
    public const int MostClasses = 1000;

    /// <summary>Longest name of a feature, level or label, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>The words for the kinds of features.</summary>
    public static ImmutableArray<string> KindNames { get; } = [Numeric, Categorical];

    /// <summary>The words for the kinds of labels.</summary>
    public static ImmutableArray<string> LabelKindNames { get; } = [Binary, Categorical, Numeric];

    /// <summary>The label kind that a word stands for; binary where there is none.</summary>
    public static LabelKind LabelKindOf(string? name) => name switch
    {
        Categorical => LabelKind.Categorical,
        Numeric => LabelKind.Numeric,
        _ => LabelKind.Binary,
    };

    /// <summary>Notes all that is wrong with <paramref name="schema"/>.</summary>
    /// <param name="schema">The schema. A feature or label without a name is passed over: its absence was noted when it was read.</param>
    /// <param name="path">JSON path of the object that holds <c>features</c> and <c>label</c>.</param>
    /// <param name="hasLabel">Whether the label was given.</param>
    /// <param name="hasFeatures">Whether features were given.</param>
    /// <param name="faults">Receives the faults.</param>
    public static void Check(DatasetSchema schema, string path, bool hasLabel, bool hasFeatures, ICollection<PlanFault> faults)
    {
        if (hasFeatures && schema.Image is not null)
        {
            faults.Add(new($"{path}.features", "stand beside image: inputs are features or images, not both"));
        }
        else if (hasFeatures && schema.Features.IsEmpty)
        {
            faults.Add(new($"{path}.features", "must hold at least one feature"));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < schema.Features.Length; index++)
        {
            var at = $"{path}.features[{index}]";
            var feature = schema.Features[index];
            CheckLevels(feature, at, faults);
            if (feature.Name.Length == 0)
            {
                continue;
            }

            CheckName(feature.Name, $"{at}.name", faults);
            if (!names.Add(feature.Name))
            {
                faults.Add(new($"{at}.name", $"'{JsonObjectReader.Quote(feature.Name)}' names an earlier feature too"));
            }
            else if (InputsOf(feature).FirstOrDefault(input => !inputs.Add(input)) is { } repeated)
            {
                faults.Add(new($"{at}.name", $"gives a model input '{JsonObjectReader.Quote(repeated)}', which is there already"));
            }
        }

        if (hasLabel && schema.LabelKind == LabelKind.Categorical)
        {
            CheckDistinct(schema.LabelLevels, $"{path}.label.levels", faults);
            if (schema.LabelLevels.Length is < 2 or > MostClasses)
            {
                faults.Add(new($"{path}.label.levels", $"must hold 2 to {MostClasses:N0} classes for a categorical label"));
            }
        }
        else if (hasLabel && !schema.LabelLevels.IsEmpty)
        {
            faults.Add(new($"{path}.label.levels", $"are given for a {(schema.LabelKind == LabelKind.Numeric ? Numeric : Binary)} label; say kind \"categorical\", or leave them out"));
        }

        if (hasLabel)
        {
            CheckName(schema.Label, $"{path}.label", faults);
            if (names.Contains(schema.Label))
            {
                faults.Add(new($"{path}.label", $"'{JsonObjectReader.Quote(schema.Label)}' is a feature too: a model would be given the answer"));
            }
        }
    }

    /// <summary>The value of a level or cell that looks like a number, so that <c>2.0</c> and <c>2</c> are one level.</summary>
    public static double? NumericValue(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static IEnumerable<string> InputsOf(FeatureSpec feature) => feature.Kind == FeatureKind.Numeric
        ? [feature.Name]
        : feature.Levels.Skip(1).Distinct(StringComparer.Ordinal).Select(level => $"{feature.Name}={level}");

    private static void CheckLevels(FeatureSpec feature, string path, ICollection<PlanFault> faults)
    {
        if (feature.Kind == FeatureKind.Numeric)
        {
            if (!feature.Levels.IsEmpty)
            {
                faults.Add(new($"{path}.levels", "are given for a numeric feature; say kind \"categorical\", or leave them out"));
            }

            return;
        }

        if (feature.Levels.Length < 2)
        {
            faults.Add(new($"{path}.levels", "must hold at least two levels for a categorical feature, the reference level first"));
        }

        CheckDistinct(feature.Levels, $"{path}.levels", faults);
    }

    private static void CheckDistinct(ImmutableArray<string> levels, string path, ICollection<PlanFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < levels.Length; index++)
        {
            var level = levels[index];
            CheckName(level, $"{path}[{index}]", faults);
            if (!seen.Add(NumericValue(level)?.ToString("R", CultureInfo.InvariantCulture) ?? level))
            {
                faults.Add(new($"{path}[{index}]", $"'{JsonObjectReader.Quote(level)}' repeats an earlier level"));
            }
        }
    }

    private static void CheckName(string name, string path, ICollection<PlanFault> faults)
    {
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl) || name.Trim().Length != name.Length)
        {
            faults.Add(new(path, $"must have 1 to {LongestName} characters, without blanks at its ends or control characters"));
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using FederatedOrleans.Json;
using FederatedOrleans.Preprocessing;

namespace FederatedOrleans.Plans;

/// <summary>Reads what a plan has become of features before a model sees them.</summary>
internal static class PreprocessingReader
{
    private const double MostValue = 1e9;
    private const int MostBins = 1000;
    private const int MostMissing = 10;
    private const int MostCell = 1_000_000;
    private const double MostClip = 1000;
    private const string Declared = "declared";
    private const string Agreed = "agreed";

    /// <summary>The preprocessing of a plan; null where it has none.</summary>
    public static PreprocessingPlan? Read(JsonObjectReader root, DatasetSchema schema)
    {
        if (root.Object("preprocessing") is not { } reader)
        {
            return null;
        }

        var plan = new PreprocessingPlan
        {
            Scaling = reader.Choice("scaling", Scalings.Names) ?? Scalings.ZScore,
            Clip = reader.NumberFrom("clip", 1, MostClip) ?? 10,
            MinimumCell = reader.WholeInt32("minimumCell", 1, MostCell) ?? 1,
            Features = ReadFeatures(reader, schema),
            Label = ReadLabel(reader, schema.LabelKind),
        };
        reader.Finish();
        return plan;
    }

    private static ImmutableArray<FeaturePreprocessingPlan> ReadFeatures(JsonObjectReader reader, DatasetSchema schema)
    {
        var given = new Dictionary<string, FeaturePreprocessingPlan>(StringComparer.Ordinal);
        foreach (var feature in reader.Objects("features"))
        {
            var name = feature.Text("name", required: true);
            var spec = schema.Features.FirstOrDefault(spec => spec.Name == name);
            if (spec is null)
            {
                if (name is not null)
                {
                    feature.Fault("name", $"'{JsonObjectReader.Quote(name)}' is no feature of the schema");
                }
            }
            else if (!given.TryAdd(spec.Name, ReadFeature(feature, spec)))
            {
                feature.Fault("name", $"'{JsonObjectReader.Quote(spec.Name)}' stands here twice");
            }
        }

        string[] without = [.. schema.Features.Where(spec => spec.Kind == FeatureKind.Numeric && spec.Name.Length > 0 && !given.ContainsKey(spec.Name)).Select(spec => spec.Name)];
        if (without.Length > 0)
        {
            reader.Fault("features", $"must declare from and to of every numeric feature; missing: {string.Join(", ", without.Select(JsonObjectReader.Quote))}");
        }

        return
        [
            .. schema.Features.Select(spec => given.GetValueOrDefault(spec.Name) ?? new()
            {
                Name = spec.Name,
                Range = spec.Kind == FeatureKind.Numeric ? new(0, 1) : null,
                Impute = spec.Kind == FeatureKind.Numeric ? Imputations.Mean : Imputations.MostFrequent,
            }),
        ];
    }

    private static FeaturePreprocessingPlan ReadFeature(JsonObjectReader reader, FeatureSpec spec)
    {
        var isNumber = spec.Kind == FeatureKind.Numeric;
        foreach (var member in (isNumber ? new[] { "levels" } : ["from", "to", "bins", "missing"]).Where(reader.Has))
        {
            reader.Know(member);
            reader.Fault(member, $"has no meaning for a {(isNumber ? DatasetSchemaRules.Numeric : DatasetSchemaRules.Categorical)} feature");
        }

        var imputations = isNumber ? Imputations.OfNumbers : Imputations.OfLevels;
        var plan = new FeaturePreprocessingPlan
        {
            Name = spec.Name,
            Range = isNumber ? ReadRange(reader) : null,
            Bins = isNumber ? reader.WholeInt32("bins", 2, MostBins) ?? 20 : 2,
            Missing = isNumber ? ReadMissing(reader) : [],
            Impute = reader.Choice("impute", imputations) ?? imputations[0],
            FlagMissing = reader.Flag("flagMissing") ?? false,
            AgreedLevelsOnly = !isNumber && reader.Choice("levels", [Declared, Agreed]) == Agreed,
        };
        reader.Finish();
        return plan;
    }

    private static NumericRange? ReadLabel(JsonObjectReader preprocessing, LabelKind kind)
    {
        if (preprocessing.Object("label") is not { } reader)
        {
            return null;
        }

        var range = ReadRange(reader);
        reader.Finish();
        if (kind != LabelKind.Numeric)
        {
            preprocessing.Fault("label", "is scaled where it is numeric only: leave it out");
        }

        return range;
    }

    private static NumericRange ReadRange(JsonObjectReader reader)
    {
        var from = reader.NumberFrom("from", -MostValue, MostValue, required: true);
        var to = reader.NumberFrom("to", -MostValue, MostValue, required: true);
        if (from >= to)
        {
            reader.Fault("to", $"must be above from, which is {from}");
        }

        return from < to ? new(from.Value, to.Value) : new(0, 1);
    }

    private static ImmutableArray<double> ReadMissing(JsonObjectReader reader)
    {
        var numbers = ImmutableArray.CreateBuilder<double>();
        foreach (var (value, _) in reader.Items("missing") ?? [])
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && float.IsFinite((float)number))
            {
                // As the rows hold it.
                numbers.Add((float)number);
            }
            else
            {
                reader.Fault("missing", "must hold numbers only");
            }
        }

        if (numbers.Count > MostMissing)
        {
            reader.Fault("missing", $"must hold at most {MostMissing} numbers");
        }

        return numbers.ToImmutable();
    }
}

using System.Text.Json;
using FederatedOrleans.Identity;
using FederatedOrleans.Plans;
using FederatedOrleans.Preprocessing;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Models;

/// <summary>Writes a model's preprocessing with every figure in place: who has the file needs no statistics to use the model.</summary>
internal static class PreprocessingExport
{
    /// <summary>Writes the member <c>preprocessing</c>.</summary>
    /// <param name="json">Where to, within an object.</param>
    /// <param name="plan">A plan with preprocessing.</param>
    /// <param name="description">The model.</param>
    /// <exception cref="FederationException">The statistics are missing, or are not those that the model was trained with.</exception>
    public static void Write(Utf8JsonWriter json, TrainingPlan plan, ModelDescription description)
    {
        var fitted = Fit(plan, description);
        json.WriteStartObject("preprocessing");
        json.WriteString("statisticsDigest", ContentDigest.Of(description.Statistics).Hex);
        json.WriteString("scaling", plan.Preprocessing!.Scaling);
        json.WriteString("scalingMeans", fitted.IsScaled
            ? "x' = (x - mean) / scale of each input, then moved into -clip to clip"
            : "inputs as they are");
        json.WriteNumber("clip", fitted.Clip);
        json.WriteString("steps", "a number that is missing, or stands in missing, becomes imputed; any other is moved into from to to. A level that is missing, not declared or "
            + "not agreed becomes imputed; then there is an input for each level but the first, 1 where it is the row's. An input that flags missing values is 1 where one was.");
        json.WriteStartArray("features");
        foreach (var feature in fitted.Features)
        {
            WriteFeature(json, feature);
        }

        json.WriteEndArray();
        if (fitted.Label is { } label)
        {
            json.WriteStartObject("label");
            json.WriteNumber("mean", label.Mean);
            json.WriteNumber("scale", label.Scale);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static FittedPreprocessing Fit(TrainingPlan plan, ModelDescription description)
    {
        var schema = ModelSchema.For(plan.InRound(TrainingPlan.StatisticsRound));
        if (description.Statistics is not { } bytes || bytes.Length != schema.ByteLength
            || description.Lineage.Any(round => round.StateAfter?.Statistics != ContentDigest.Of(bytes)))
        {
            throw new FederationException("The model's statistics are missing, or are not those that its rounds were trained with.");
        }

        return FittedPreprocessing.Fit(plan, ParameterVector.FromBytes(bytes));
    }

    private static void WriteFeature(Utf8JsonWriter json, FittedFeature feature)
    {
        json.WriteStartObject();
        json.WriteString("name", feature.Spec.Name);
        if (feature.Range is { } range)
        {
            json.WriteString("kind", DatasetSchemaRules.Numeric);
            json.WriteNumber("from", range.From);
            json.WriteNumber("to", range.To);
            WriteArray(json, "missing", feature.Missing, json.WriteNumberValue);
            json.WriteNumber("imputed", feature.ImputedNumber);
        }
        else
        {
            json.WriteString("kind", DatasetSchemaRules.Categorical);
            WriteArray(json, "levels", feature.Spec.Levels, json.WriteStringValue);
            WriteArray(json, "agreed", feature.AgreedLevels, json.WriteBooleanValue);
            json.WriteString("imputed", feature.Spec.Levels[feature.ImputedLevel]);
        }

        json.WriteBoolean("flagsMissing", feature.FlagsMissing);
        json.WriteStartArray("inputs");
        foreach (var input in feature.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            json.WriteNumber("mean", input.Mean);
            json.WriteNumber("scale", input.Scale);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}

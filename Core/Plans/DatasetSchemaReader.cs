using System.Collections.Immutable;
using FederatedOrleans.Json;

namespace FederatedOrleans.Plans;

/// <summary>Reads the schema of a plan's dataset.</summary>
internal static class DatasetSchemaReader
{
    public static DatasetSchema Read(JsonObjectReader dataset, List<PlanFault> faults)
    {
        var reader = dataset.Object("schema", required: true);
        if (reader is null)
        {
            return new() { Features = [], Label = "" };
        }

        var schema = new DatasetSchema
        {
            Image = ImageShapeReader.Read(reader),
            Features = [.. ReadFeatures(reader, faults)],
            Label = reader.IsObject("label") ? "" : reader.Text("label", required: true) ?? "",
        };
        if (reader.IsObject("label") && reader.Object("label") is { } label)
        {
            schema = ReadLabel(schema, label);
        }

        reader.Finish();
        DatasetSchemaRules.Check(schema, reader.Path, reader.Has("label"), reader.Has("features"), faults);
        return schema;
    }

    private static DatasetSchema ReadLabel(DatasetSchema schema, JsonObjectReader reader)
    {
        var kind = reader.Choice("kind", DatasetSchemaRules.LabelKindNames);
        schema = schema with
        {
            Label = reader.Text("name", required: true) ?? "",
            LabelKind = DatasetSchemaRules.LabelKindOf(kind),
            LabelLevels = reader.Texts("levels") ?? [],
        };
        reader.Finish();
        return schema;
    }

    private static IEnumerable<FeatureSpec> ReadFeatures(JsonObjectReader schema, List<PlanFault> faults)
    {
        foreach (var (value, path) in schema.Items("features", required: !schema.Has("image")) ?? [])
        {
            var reader = JsonObjectReader.Of(value, path, faults);
            var kind = reader?.Choice("kind", DatasetSchemaRules.KindNames);
            yield return new FeatureSpec
            {
                Name = reader?.Text("name", required: true) ?? "",
                Kind = kind == DatasetSchemaRules.Categorical ? FeatureKind.Categorical : FeatureKind.Numeric,
                Levels = reader?.Texts("levels") ?? [],
            };
            reader?.Finish();
        }
    }
}

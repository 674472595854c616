using System.Text.Json;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Plans;

/// <summary>The canonical text of a schema: compact JSON in a fixed order of members.</summary>
internal static class DatasetSchemaDigest
{
    public static ContentDigest Of(DatasetSchema schema)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("features");
            foreach (var feature in schema.Features)
            {
                json.WriteStartObject();
                json.WriteString("name", feature.Name);
                json.WriteString("kind", feature.Kind == FeatureKind.Numeric ? "numeric" : "categorical");
                json.WriteStartArray("levels");
                foreach (var level in feature.Levels)
                {
                    json.WriteStringValue(level);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (schema.Image is { } image)
            {
                json.WriteString("image", image.ToString());
            }

            json.WriteString("label", schema.Label);
            if (schema.LabelKind == LabelKind.Categorical)
            {
                // Left out of a binary one: its text is of every version of the program.
                json.WriteStartArray("labelLevels");
                foreach (var level in schema.LabelLevels)
                {
                    json.WriteStringValue(level);
                }

                json.WriteEndArray();
            }
            else if (schema.LabelKind == LabelKind.Numeric)
            {
                json.WriteString("labelKind", DatasetSchemaRules.Numeric);
            }

            json.WriteEndObject();
        }

        return ContentDigest.Of(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}

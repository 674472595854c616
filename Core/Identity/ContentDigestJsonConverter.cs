using System.Text.Json;
using System.Text.Json.Serialization;

namespace FederatedOrleans.Identity;

/// <summary>A digest as a JSON string; the empty string is <see cref="ContentDigest.None"/>.</summary>
public sealed class ContentDigestJsonConverter : JsonConverter<ContentDigest>
{
    /// <inheritdoc/>
    public override ContentDigest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return string.IsNullOrEmpty(text) ? ContentDigest.None
            : ContentDigest.TryParse(text, out var digest) ? digest
            : throw new JsonException("A digest is 64 lower-case hexadecimal digits.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ContentDigest value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
}

using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Json;

/// <summary>Turns submitted bytes into a JSON document, or into one fault that says where the text goes wrong.</summary>
public static class JsonInput
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses strict JSON (no comments, no trailing commas) in UTF-8; a leading byte order mark is passed over.</summary>
    /// <param name="json">The text.</param>
    /// <param name="maximumBytes">Largest size accepted.</param>
    /// <param name="faults">Receives at most one fault, with the path <c>$</c>.</param>
    /// <returns>The document, which the caller disposes of; nothing when a fault was added.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json, int maximumBytes, ICollection<PlanFault> faults)
    {
        if (json.Length > maximumBytes)
        {
            faults.Add(new("$", $"is too large: {json.Length:N0} bytes, where {maximumBytes:N0} are the most"));
            return null;
        }

        if (json.Span.StartsWith(ByteOrderMark))
        {
            json = json[ByteOrderMark.Length..];
        }

        if (!Utf8.IsValid(json.Span))
        {
            faults.Add(new("$", "is not UTF-8 text"));
            return null;
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(json);
            RequireReadableText(json.Span);
            return document;
        }
        catch (JsonException fault)
        {
            faults.Add(new("$", $"is not JSON: {Where(json.Span, fault)}: {Reason(fault)}"));
        }
        catch (InvalidOperationException)
        {
            // The parser accepts half a surrogate pair written as \uD800 and fails only when the text is read.
            document?.Dispose();
            faults.Add(new("$", "holds an escape such as \\uD800 that is half a character"));
        }

        return null;
    }

    private static void RequireReadableText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }

    private static string Where(ReadOnlySpan<byte> json, JsonException fault)
    {
        var line = (int)(fault.LineNumber ?? 0);
        var rest = json;
        for (var skipped = 0; skipped < line; skipped++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        // The parser counts bytes; a person counts characters.
        var bytes = (int)Math.Min(fault.BytePositionInLine ?? 0, rest.Length);
        return $"line {line + 1}, column {Encoding.UTF8.GetCharCount(rest[..bytes]) + 1}";
    }

    private static string Reason(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? fault.Message : fault.Message[..end]).TrimEnd('.');
    }
}

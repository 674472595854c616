using System.Text.Json;
using System.Text.Json.Serialization;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>The JSON of enrolment: versioned and strict, since a member that nobody reads is a misunderstanding.</summary>
internal static class EnrolmentJson
{
    /// <summary>The version of all formats that this program writes and reads.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes a document, with a line feed at its end.</summary>
    public static string Write<T>(T document) => JsonSerializer.Serialize(document, Options) + "\n";

    /// <summary>Reads a document; null, and a fault, if it isn't one of this version.</summary>
    /// <param name="json">The text.</param>
    /// <param name="where">The file's name, for the fault.</param>
    /// <param name="faults">Receives the fault.</param>
    public static T? Read<T>(string json, string where, List<string> faults)
        where T : class
    {
        try
        {
            // The version first: a newer format must not fail with a riddle about an unknown member.
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("version", out var version)
                || version.ValueKind != JsonValueKind.Number
                || !version.TryGetInt32(out var number))
            {
                faults.Add($"{where} doesn't say its format's version.");
                return null;
            }

            if (number != Version)
            {
                faults.Add($"{where} has format version {number}; this program reads version {Version}.");
                return null;
            }

            return document.RootElement.Deserialize<T>(Options);
        }
        catch (JsonException fault)
        {
            faults.Add($"{where} is malformed: {fault.Message}");
            return null;
        }
    }
}

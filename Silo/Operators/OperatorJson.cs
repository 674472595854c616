using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FederatedOrleans.Operators;

/// <summary>How views are written for the pages' script: as the contracts have them, in camel case, enums by name.</summary>
internal static class OperatorJson
{
    /// <summary>A metric may be infinite or NaN, which JSON has no number for: it is written as a string.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>As one line of text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.Default,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace FederatedOrleans.Cli.Runs;

/// <summary>A plan's bytes with other rounds in them.</summary>
internal static class PlanRounds
{
    /// <summary>Puts other rounds in.</summary>
    /// <param name="plan">A plan that can be read.</param>
    /// <param name="rounds">Its rounds from now on; whoever reads it again judges them.</param>
    /// <param name="format">How it is written.</param>
    public static byte[] Replace(byte[] plan, int rounds, JsonSerializerOptions? format = null)
    {
        // A text reader drops a byte order mark, as the plan's reader does.
        using var text = new StreamReader(new MemoryStream(plan));
        var json = JsonNode.Parse(text.ReadToEnd())!.AsObject();
        json["rounds"] = rounds;
        return JsonSerializer.SerializeToUtf8Bytes(json, format);
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using FederatedOrleans.Client;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Connections;

/// <summary>Reads a connection file by hand, so that every fault is told at once and in the user's words.</summary>
internal sealed class ConnectionFileReader
{
    private const int MaximumBytes = 64 * 1024;

    private readonly ImmutableArray<string>.Builder _faults = ImmutableArray.CreateBuilder<string>();

    public static (ConnectionFile? Connection, ImmutableArray<string> Faults) Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
            {
                return (null, [$"{path} is larger than {MaximumBytes / 1024} KiB: that is no connection file."]);
            }

            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new ConnectionFileReader().Read(document.RootElement, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, [$"The connection file {path} can't be read: {failure.Message}"]);
        }
        catch (JsonException failure)
        {
            return (null, [$"The connection file {path} is not JSON (line {failure.LineNumber + 1})."]);
        }
    }

    private (ConnectionFile?, ImmutableArray<string>) Read(JsonElement root, string folder)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, ["$: a connection file is a JSON object with federation, gateways and tokenFile."]);
        }

        foreach (var name in root.EnumerateObject().Select(member => member.Name)
            .Where(name => name is not ("federation" or "gateways" or "tokenFile" or "clusterId" or "serviceId" or "web")))
        {
            _faults.Add($"$.{name}: no such setting; there are federation, gateways, tokenFile, clusterId, serviceId and web.");
        }

        var federation = Text(root, "federation", required: true) ?? "";
        if (federation.Length > 0 && !Identifier.IsValid(federation))
        {
            _faults.Add($"$.federation: must be {Identifier.Rule}.");
        }

        var gateways = Gateways(root);
        var tokenFile = Text(root, "tokenFile", required: true) ?? "";
        if (tokenFile.Length > 0)
        {
            tokenFile = Path.GetFullPath(tokenFile, folder);
            if (!File.Exists(tokenFile))
            {
                _faults.Add($"$.tokenFile: there is no file {tokenFile}.");
            }
        }

        var clusterId = Text(root, "clusterId", required: false) ?? "federated-orleans";
        var serviceId = Text(root, "serviceId", required: false) ?? "federated-orleans";
        Uri? web = null;
        if (Text(root, "web", required: false) is { } address
            && (!Uri.TryCreate(address, UriKind.Absolute, out web) || web.Scheme is not ("http" or "https")))
        {
            _faults.Add("$.web: must be an address such as http://127.0.0.1:8080.");
        }

        return _faults.Count > 0
            ? (null, _faults.ToImmutable())
            : (new ConnectionFile
            {
                Federation = federation, Gateways = gateways, TokenFile = tokenFile, ClusterId = clusterId, ServiceId = serviceId, Web = web,
            }, []);
    }

    private ImmutableArray<string> Gateways(JsonElement root)
    {
        if (!root.TryGetProperty("gateways", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            _faults.Add("$.gateways: must be a list of at least one address such as \"127.0.0.1:30000\".");
            return [];
        }

        var gateways = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String && Gateway.TryParse(item.GetString(), out _))
            {
                gateways.Add(item.GetString()!);
            }
            else
            {
                _faults.Add($"$.gateways[{index}]: must be host:port, such as \"127.0.0.1:30000\".");
            }
        }

        return gateways.ToImmutable();
    }

    private string? Text(JsonElement root, string name, bool required)
    {
        if (!root.TryGetProperty(name, out var value))
        {
            if (required)
            {
                _faults.Add($"$.{name}: is missing.");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
        {
            return value.GetString();
        }

        _faults.Add($"$.{name}: must be a text that is not empty.");
        return null;
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using FederatedOrleans.Client;
using FederatedOrleans.Identity;

namespace FederatedOrleans.Connections;

/// <summary>A JSON file that says where a centre is and which token to send: what <c>--connection</c> and <c>FED_CONNECTION</c> name.</summary>
public sealed record ConnectionFile
{
    /// <summary>The environment variable that names the file.</summary>
    public const string EnvironmentVariable = "FED_CONNECTION";

    /// <summary>The federation's id.</summary>
    public required string Federation { get; init; }

    /// <summary>Addresses of the centre's gateways, each <c>host:port</c>.</summary>
    public required ImmutableArray<string> Gateways { get; init; }

    /// <summary>File that holds the token; relative to the connection file.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The centre's cluster id; <c>federated-orleans</c> by default.</summary>
    public string ClusterId { get; init; } = "federated-orleans";

    /// <summary>The centre's service id; <c>federated-orleans</c> by default.</summary>
    public string ServiceId { get; init; } = "federated-orleans";

    /// <summary>Address of the operator pages, where there are any.</summary>
    public Uri? Web { get; init; }

    /// <summary>The token that the file names.</summary>
    /// <exception cref="FederationException">The token's file is gone or unreadable.</exception>
    public FederationClientOptions ToOptions()
    {
        try
        {
            return new()
            {
                Gateways = Gateways, ClusterId = ClusterId, ServiceId = ServiceId, Token = File.ReadAllText(TokenFile).Trim(),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FederationException($"The token can't be read from {TokenFile}: {failure.Message}", failure);
        }
    }

    /// <summary>Reads and validates a file: the connection, or everything that is wrong with it. Exactly one of the two.</summary>
    public static (ConnectionFile? Connection, ImmutableArray<string> Faults) Load(string path) => ConnectionFileReader.Load(path);

    /// <summary>Writes the file; <see cref="TokenFile"/> is written as it stands.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("federation", Federation);
            json.WriteStartArray("gateways");
            foreach (var gateway in Gateways)
            {
                json.WriteStringValue(gateway);
            }

            json.WriteEndArray();
            json.WriteString("tokenFile", TokenFile);
            json.WriteString("clusterId", ClusterId);
            json.WriteString("serviceId", ServiceId);
            if (Web is not null)
            {
                json.WriteString("web", Web.ToString());
            }

            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        File.WriteAllBytes(path, stream.ToArray());
    }
}

using System.Collections.Immutable;

namespace FederatedOrleans.Client;

/// <summary>Where the centre is and who asks.</summary>
public sealed record FederationClientOptions
{
    /// <summary>Addresses of the centre's gateways, each <c>host:port</c>; at least one.</summary>
    public required ImmutableArray<string> Gateways { get; init; }

    /// <summary>The centre's cluster id.</summary>
    public string ClusterId { get; init; } = "federated-orleans";

    /// <summary>The centre's service id.</summary>
    public string ServiceId { get; init; } = "federated-orleans";

    /// <summary>The token of <c>fed token issue</c>; sent with every call.</summary>
    public required string Token { get; init; }

    /// <summary>How long the first connection may take; 10 s by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one call may take; 30 s by default.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long <see cref="FederationClient.WatchAsync"/> tries to reach a centre that is away; 5 min by default.</summary>
    public TimeSpan WatchPatience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{ClusterId} at {string.Join(", ", Gateways)}";
}

namespace FederatedOrleans.Security;

internal sealed partial class ClientCallFilter
{
    [LoggerMessage(5001, LogLevel.Warning, "Denied {Interface}.{Method} to client {Client}, token id {TokenId}: {Refusal}")]
    private partial void LogDenied(string @interface, string method, string client, string tokenId, string refusal);
}

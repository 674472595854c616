namespace FederatedOrleans.Security;

internal sealed partial class RevokedTokenCache
{
    [LoggerMessage(5002, LogLevel.Warning, "The list of revoked tokens can't be read")]
    private partial void LogUnreadable(Exception failure);
}

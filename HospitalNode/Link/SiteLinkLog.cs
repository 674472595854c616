using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Link;

/// <summary>The link's log at the hospital.</summary>
internal static partial class SiteLinkLog
{
    [LoggerMessage(4100, LogLevel.Warning, "The centre's certificate was refused: {Refusal}: {Reason}")]
    public static partial void Refused(ILogger logger, string refusal, string reason);
}

using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Federation;

internal sealed partial class FederationGrain
{
    [LoggerMessage(1400, LogLevel.Error, "{Run} is left asleep: {Damage}")]
    private static partial void LogDamaged(ILogger logger, string run, string damage);

    [LoggerMessage(1401, LogLevel.Warning, "{Run} can't be listed: {Reason}")]
    private static partial void LogUnanswered(ILogger logger, string run, string reason);
}

using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Rounds;

internal sealed partial class RoundCoordinatorGrain
{
    [LoggerMessage(1000, LogLevel.Information, "{Run} round {Round} attempt {Attempt}: {Change}")]
    private static partial void LogChange(ILogger logger, string run, int round, int attempt, string change);

    [LoggerMessage(1001, LogLevel.Warning, "{Coordinator}: {Effect} failed and will be tried again")]
    private static partial void LogEffectFailed(ILogger logger, Exception exception, string coordinator, string effect);
}

using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Rounds;

internal sealed partial class RoundCoordinatorGrain
{
    [LoggerMessage(1000, LogLevel.Information, "{Run} round {Round} attempt {Attempt}: {Change}")]
    private static partial void LogChange(ILogger logger, string run, int round, int attempt, string change);

    [LoggerMessage(1001, LogLevel.Warning, "{Coordinator}: {Effect} failed and will be tried again")]
    private static partial void LogEffectFailed(ILogger logger, Exception exception, string coordinator, string effect);

    [LoggerMessage(1002, LogLevel.Warning, "{Coordinator}: the clock of this machine was set by {By}; the round's deadlines are moved with it")]
    private static partial void LogClockSet(ILogger logger, string coordinator, TimeSpan by);
}

using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Runs;

internal sealed partial class RunGrain
{
    [LoggerMessage(1200, LogLevel.Information, "{Run}: round {Round} is committed with {Hospitals} hospitals, model {Model}")]
    private static partial void LogCommitted(ILogger logger, string run, int round, int hospitals, string model);

    [LoggerMessage(1201, LogLevel.Warning, "{Run}: attempt {Attempt} at round {Round} is abandoned: {Reason}")]
    private static partial void LogAbandoned(ILogger logger, string run, int round, int attempt, string reason);

    [LoggerMessage(1202, LogLevel.Information, "{Run} is {Status}: {Reason}")]
    private static partial void LogStatus(ILogger logger, string run, RunStatus status, string reason);

    [LoggerMessage(1203, LogLevel.Warning, "{Run}: what is due could not be done and will be tried again")]
    private static partial void LogDriveFailed(ILogger logger, Exception exception, string run);
}

using FederatedOrleans.Site.Link;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

internal sealed partial class SiteJobs
{
    [LoggerMessage(2100, LogLevel.Information, "{Hospital}: {Attempt} is trained, {Steps} steps; the update is in the outbox")]
    private static partial void LogTrained(ILogger logger, string hospital, AttemptId attempt, long steps);

    [LoggerMessage(2119, LogLevel.Information, "{Hospital}: {Attempt} is counted; the statistics are in the outbox")]
    private static partial void LogCountedRows(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2101, LogLevel.Information, "{Hospital}: the update of {Attempt} counts")]
    private static partial void LogCounted(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2102, LogLevel.Warning, "{Hospital}: the update of {Attempt} is refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string hospital, AttemptId attempt, string reason);

    [LoggerMessage(2103, LogLevel.Warning, "{Hospital}: the upload of {Attempt} broke and goes on: {Fault}")]
    private static partial void LogUploadBroken(ILogger logger, string hospital, AttemptId attempt, string fault);

    [LoggerMessage(2104, LogLevel.Warning, "{Hospital}: training diverged in {Attempt}")]
    private static partial void LogDiverged(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2105, LogLevel.Error, "{Hospital}: the data can't be used in {Attempt}: {Faults}")]
    private static partial void LogDataFaulty(ILogger logger, string hospital, AttemptId attempt, string faults);

    [LoggerMessage(2110, LogLevel.Warning, "{Hospital}: what earlier updates lost in their encoding is gone from the disk; {Attempt} goes on without it")]
    private static partial void LogResidualGone(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2111, LogLevel.Warning, "{Hospital}: the model of its own is gone from the disk; in {Attempt} it begins again from the global one")]
    private static partial void LogPersonalGone(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2112, LogLevel.Warning, "{Hospital}: training of the model of its own diverged in {Attempt}; it stays as it was")]
    private static partial void LogPersonalDiverged(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2107, LogLevel.Error, "{Hospital}: {Attempt} can't be computed here ({Kind}); the centre is told so")]
    private static partial void LogComputationFailed(ILogger logger, string hospital, AttemptId attempt, string kind);

    [LoggerMessage(2109, LogLevel.Warning, "{Hospital}: {Attempt} is {Reason}; the centre is told so")]
    private static partial void LogUnavailable(ILogger logger, string hospital, AttemptId attempt, string reason);

    [LoggerMessage(2108, LogLevel.Error, "{Hospital}: the update of {Attempt} is gone from the outbox, or its file has changed; the centre is told so")]
    private static partial void LogUpdateGone(ILogger logger, string hospital, AttemptId attempt);
}

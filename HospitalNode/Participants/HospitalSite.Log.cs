using FederatedOrleans.Site.Link;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Participants;

internal sealed partial class HospitalSite
{
    [LoggerMessage(2000, LogLevel.Information, "{Hospital} attends")]
    private static partial void LogAttending(ILogger logger, string hospital);

    [LoggerMessage(2001, LogLevel.Warning, "{Hospital} could not {Call}: {Fault}")]
    private static partial void LogLinkFailed(ILogger logger, string hospital, string call, string fault);

    [LoggerMessage(2002, LogLevel.Error, "{Hospital}: dataset {Dataset} is not offered: {Faults}")]
    private static partial void LogDatasetFaulty(ILogger logger, string hospital, string dataset, string faults);

    [LoggerMessage(2003, LogLevel.Information, "{Hospital} answers {Attempt}: {Refusal}")]
    private static partial void LogAnswer(ILogger logger, string hospital, AttemptId attempt, SiteRefusal refusal);

    [LoggerMessage(2008, LogLevel.Warning, "{Hospital}: dataset {Dataset} is described otherwise than the plan asks for: {Difference}")]
    private static partial void LogSchemaDiffers(ILogger logger, string hospital, string dataset, string difference);

    [LoggerMessage(2005, LogLevel.Information, "{Hospital}: {Attempt} is not asked for any more")]
    private static partial void LogGivenUp(ILogger logger, string hospital, AttemptId attempt);

    [LoggerMessage(2006, LogLevel.Warning, "{Hospital}: {Attempt} could not be answered or settled and will be tried again: {Fault}")]
    private static partial void LogJobFailed(ILogger logger, string hospital, AttemptId attempt, string fault);

    [LoggerMessage(2007, LogLevel.Warning, "{Hospital}: {Attempt} failed and will be tried again in {Pause}: {Fault}")]
    private static partial void LogRetry(ILogger logger, string hospital, AttemptId attempt, string fault, TimeSpan pause);
}

using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Hospitals;

internal sealed partial class HospitalGrain
{
    [LoggerMessage(1300, LogLevel.Information, "{Hospital} is enrolled with key {Fingerprint}")]
    private static partial void LogEnrolled(ILogger logger, string hospital, string fingerprint);

    [LoggerMessage(1301, LogLevel.Warning, "{Hospital} is revoked")]
    private static partial void LogRevoked(ILogger logger, string hospital);

    [LoggerMessage(1302, LogLevel.Information, "{Hospital} attends with node version {Version}")]
    private static partial void LogAttends(ILogger logger, string hospital, string version);

    [LoggerMessage(1304, LogLevel.Warning, "{Hospital}: round {Round} of {Run} is over, and nobody said so here; its grain ends, to be found anew")]
    private static partial void LogOver(ILogger logger, string hospital, string run, int round);

    [LoggerMessage(1303, LogLevel.Information, "{Hospital} has left")]
    private static partial void LogLeaves(ILogger logger, string hospital);
}

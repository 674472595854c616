using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Aggregation;

internal sealed partial class AggregatorGrain
{
    [LoggerMessage(1100, LogLevel.Warning, "{Aggregator}: the update of {Hospital} is refused: {Verdict}")]
    private static partial void LogRefused(ILogger logger, string aggregator, string hospital, StagingVerdict verdict);
}

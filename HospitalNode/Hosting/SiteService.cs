using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Site.Hosting;

/// <summary>Keeps the site at work for as long as the host lives. Added after Orleans, so that the silo is up before and down after it.</summary>
/// <remarks>A site whose work ends by itself ends the node: a process that looks alive and trains nothing is worse than none.</remarks>
internal sealed partial class SiteService(HospitalSite site, IHostApplicationLifetime lifetime, ILogger<SiteService> logger)
    : BackgroundService
{
    /// <summary>The kind of failure that ended the site's work, if one did.</summary>
    public string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await site.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (Exception exception)
        {
            // Only the kind: its text might hold what must not be logged.
            Failure = exception.GetType().Name;
            LogEnded(logger, Failure);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(2200, LogLevel.Critical, "The site's work has ended ({Kind}), and with it the node")]
    private static partial void LogEnded(ILogger logger, string kind);
}

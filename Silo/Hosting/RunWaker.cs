using FederatedOrleans.Federation;

namespace FederatedOrleans.Centre;

/// <summary>Activates every run once the silo is up, so that unfinished ones go on without anyone's hand.</summary>
internal sealed class RunWaker(IGrainFactory grains, ILogger<RunWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IFederationGrain>(GrainKeys.Federation).WakeRunsAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                RunWakerLog.Failed(logger, exception);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }
}

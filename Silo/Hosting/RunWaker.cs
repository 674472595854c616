using System.Collections.Immutable;
using FederatedOrleans.Federation;
using Orleans.Runtime;

namespace FederatedOrleans.Centre;

/// <summary>
/// Activates every run once the silo is up, and again when another Silo of the cluster has died, so that unfinished ones go on without
/// anyone's hand.
/// </summary>
internal sealed class RunWaker(IGrainFactory grains, IClusterMembershipService membership, ILogger<RunWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WakeAsync(stoppingToken);
        var alive = Alive(membership.CurrentSnapshot);
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            // Every survivor does it: waking a run that is awake costs a call, and which of them lives on nobody can tell.
            var now = Alive(snapshot);
            if (!now.IsSupersetOf(alive))
            {
                await WakeAsync(stoppingToken);
            }

            alive = now;
        }
    }

    private static ImmutableHashSet<SiloAddress> Alive(ClusterMembershipSnapshot snapshot) =>
        [.. snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)];

    private async Task WakeAsync(CancellationToken stoppingToken)
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

using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using FederatedOrleans.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FederatedOrleans.Simulation;

/// <summary>The running site of one hospital: what a node's process would be, ended and begun anew by stopping and starting.</summary>
internal sealed class SimulatedSite : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;

    private SimulatedSite(HospitalSite site) => _work = Task.Run(() => site.RunAsync(_stopping.Token));

    /// <summary>Starts a site and waits until it attends.</summary>
    public static async Task<SimulatedSite> StartAsync(
        SiteContext context, SimulatedHospital hospital, IHospitalLink link, Trainers trainers, IServiceProvider services, CancellationToken cancellationToken)
    {
        var announced = new AnnouncedLink(link);
        var site = new SimulatedSite(new HospitalSite(
            context,
            services.GetRequiredService<IGrainFactory>(),
            announced,
            hospital.Datasets,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<HospitalSite>>(),
            hospital.Limits(services.GetRequiredService<TimeProvider>()),
            trainers));
        try
        {
            await announced.Attending.WaitAsync(cancellationToken);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _work;
        }
        catch (OperationCanceledException)
        {
            // A site is ended at any point, as a process is.
        }

        _stopping.Dispose();
    }
}

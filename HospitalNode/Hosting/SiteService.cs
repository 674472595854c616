using FederatedOrleans.Site.Participants;
using Microsoft.Extensions.Hosting;

namespace FederatedOrleans.Site.Hosting;

/// <summary>Keeps the site at work for as long as the host lives. Added after Orleans, so that the silo is up before and down after it.</summary>
internal sealed class SiteService(HospitalSite site) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => site.RunAsync(stoppingToken);
}

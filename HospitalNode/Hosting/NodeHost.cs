using FederatedOrleans.Data;
using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Availability;
using FederatedOrleans.Site.Link;
using FederatedOrleans.Site.Participants;
using FederatedOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Serilog;
using Serilog.Events;

namespace FederatedOrleans.Site.Hosting;

/// <summary>Puts a node together: its own one-silo cluster on loopback, the link outwards, the site between them.</summary>
internal static class NodeHost
{
    private const long LogFileBytes = 16 << 20;
    private const int LogFiles = 8;

    /// <summary>Builds the host; the folder is held by the caller.</summary>
    public static IHost Build(NodeParts parts, DataFolder folder, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Polly", LogEventLevel.Warning)
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}", formatProvider: null)
            .WriteTo.File(
                folder.In("node.log"), fileSizeLimitBytes: LogFileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: LogFiles));
        builder.Services.AddSingleton(time);
        SteadyTime.UseForActivations(builder.Services, time);
        builder.Services.AddSingleton<IDatasetCatalog>(parts.Datasets);
        builder.Services.AddSingleton<IApprovals>(new ApprovalFolder(parts.Configuration.Approvals));
        builder.Services.AddSingleton<IHospitalLink>(services =>
        {
            var log = services.GetRequiredService<ILogger<GrpcHospitalLink>>();
            return FailoverHospitalLink.Create(
                parts.Kit.Addresses,
                () => parts.CreateHandler(time, verdict => SiteLinkLog.Refused(log, verdict.Refusal.ToString()!, verdict.Reason)),
                time,
                parts.Configuration.Availability.Calendar,
                parts.Configuration.LinkBytesPerSecond);
        });
        builder.Services.AddSingleton(new SiteContext
        {
            Hospital = parts.Hospital,
            Folder = folder.Path,
            PollInterval = parts.Configuration.PollInterval,
        });
        builder.Services.AddSingleton(_ => SiteAvailability.For(parts.Configuration.Availability, folder.Path, new MachineFiles(), time));
        builder.Services.AddSingleton(parts.Trainers);
        builder.Services.AddSingleton<HospitalSite>();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(parts.Configuration.SiloPort, gatewayPort: 0)
            .Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = $"site-{parts.Hospital}";
                cluster.ServiceId = $"site-{parts.Hospital}";
            })
            .AddSqliteGrainStorage(SiteKeys.Storage, folder.In("site.db"), SiteKeys.FileVersion));
        builder.Services.AddSingleton<SiteService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SiteService>());
        builder.Services.AddHostedService(services => new StatusWriter(
            parts.Configuration.StatusFile,
            parts.Hospital,
            services.GetRequiredService<HospitalSite>().Activity,
            time,
            services.GetRequiredService<ILogger<StatusWriter>>()));
        return builder.Build();
    }
}

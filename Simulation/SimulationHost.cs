using System.Net;
using System.Net.Sockets;
using FederatedOrleans.Hosting;
using FederatedOrleans.Site.Approvals;
using FederatedOrleans.Site.Participants;
using FederatedOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace FederatedOrleans.Simulation;

/// <summary>Puts the one silo together that holds the central grains and the grains of every site.</summary>
internal static class SimulationHost
{
    private const string ClusterId = "federated-orleans-simulation";

    private static readonly string[] Upkeep =
    [
        TimeProviderNames.Membership, TimeProviderNames.Messaging, TimeProviderNames.SystemTimers,
        TimeProviderNames.ActivationManagement, TimeProviderNames.GrainDirectory,
    ];

    public static IHost Build(SimulationOptions options, string folder)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (options.ConfigureLogging is { } configureLogging)
        {
            configureLogging(builder.Logging);
        }

        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton<IApprovals>(new ConfiguredApprovals(options.Hospitals));
        builder.Services.AddFederationCentre(Path.Combine(folder, "blobs"), Path.Combine(folder, "scratch"), centre =>
        {
            centre.Federation = options.Federation;
            centre.Tick = options.Tick;
            centre.HeartbeatInterval = options.HeartbeatInterval;
            centre.AttemptDelay = options.AttemptDelay;
            centre.StagingBudget = options.StagingBudget;
            centre.ScratchBudget = options.ScratchBudget;
        });
        builder.UseOrleans(silo =>
        {
            // Nobody connects from outside: the silo's own port is any that is free, and there is no gateway.
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0)
                .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = ClusterId);

            // The silo writes when it began by the machine's clock: by another one it may find itself late to join, and end. Its calls
            // too take as long as the machine needs for them.
            foreach (var upkeep in Upkeep)
            {
                silo.Services.AddKeyedSingleton(upkeep, TimeProvider.System);
            }

            silo.Services.AddSerializer(serializer => serializer.AddAssembly(typeof(HospitalSite).Assembly));
            Store(silo, StorageNames.Grains, Path.Combine(folder, "centre.db"), StorageNames.FileVersion, options.Storage);
            Store(silo, SiteKeys.Storage, Path.Combine(folder, "site.db"), SiteKeys.FileVersion, options.Storage);
            options.ConfigureSilo?.Invoke(silo);
        });
        return builder.Build();
    }

    private static void Store(ISiloBuilder silo, string name, string path, int version, SimulationStorage storage)
    {
        if (storage == SimulationStorage.Sqlite)
        {
            silo.AddSqliteGrainStorage(name, path, version);
        }
        else
        {
            // States as the real storages write them: another serializer would know other types, and lose what it does not know.
            silo.AddMemoryGrainStorage(name, options => options.Configure<Serializer>(
                (memory, serializer) => memory.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

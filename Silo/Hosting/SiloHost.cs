using System.Net;
using FederatedOrleans.Blobs;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Hosting;
using FederatedOrleans.Link.Enrolment;
using FederatedOrleans.Operators;
using FederatedOrleans.Postgres;
using FederatedOrleans.Security;
using FederatedOrleans.Storage;
using FederatedOrleans.Tokens;
using Orleans.Configuration;
using Serilog;
using Serilog.Events;

namespace FederatedOrleans.Centre;

/// <summary>Puts the central process together: silo, storage, the hospital link on its port, the operator's pages on theirs.</summary>
internal static class SiloHost
{
    /// <summary>Id of the Orleans cluster and service; part of every stored row, and never changed.</summary>
    public const string ClusterId = "federated-orleans";

    /// <summary>How long a stop in good order may take; what is not done by then is given up.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(20);

    private const long LogFileBytes = 64 << 20;
    private const int LogFiles = 8;
    private const int LargestGrainMessage = 4 << 20;
    private const long SharedShardBytes = 256L << 20;

    // Orleans sets the memory of its whole cache aside at the start: of a million, its default, 19 MB. Ten thousand hospitals have a few grains each.
    private const int KnownAddresses = 100_000;

    /// <summary>Builds the application; kit, folder, the verifier of tokens and the database are held by the caller.</summary>
    /// <exception cref="DataFolderException">The folder's database is of a newer version of this program.</exception>
    public static WebApplication Build(
        SiloConfiguration configuration, LinkKit kit, DataFolder folder, TokenVerifier tokens, PostgresDatabase? database, TimeProvider time)
    {
        // Nothing from the environment or the working folder may change what this process serves.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Polly", LogEventLevel.Warning)
            .MinimumLevel.Override("Grpc", LogEventLevel.Warning)
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}", formatProvider: null)
            .WriteTo.File(
                folder.In("silo.log"), fileSizeLimitBytes: LogFileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: LogFiles));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(time);
        SteadyTime.UseForActivations(builder.Services, time);
        builder.Services.AddHospitalLink(kit, time, new LinkLimits { MaxBytesPerSecond = configuration.LinkBytesPerSecond });
        builder.Services.AddOperatorPages(new ConfigurationBuilder().AddInMemoryCollection(HostsOf(configuration)).Build());
        builder.Services.AddSingleton<IOperatorTokenVerifier, TokenLoginVerifier>();
        builder.Services.AddFederationCentre(
            blobFolder: null, folder.In("scratch"), options => Apply(configuration, kit, options));
        builder.UseOrleans(silo => AddStorage(silo, configuration, folder, database)
            .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = ClusterId)
            .Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = LargestGrainMessage)
            .Configure<GrainDirectoryOptions>(directory => directory.CacheSize = KnownAddresses)
            .AddFederationSecurity(_ => tokens)
            .AddOperatorDashboard());
        builder.Services.AddHostedService<RunWaker>();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenForHospitals(configuration.Link, kit);
            kestrel.Listen(configuration.Web);
        });

        var app = builder.Build();
        app.UseRouting();
        app.UseHospitalIdentity(configuration.Link.Port);
        app.UseOperatorPages();
        app.MapHospitalLink(configuration.Link.Port);
        app.MapOperatorPages().BindToPort(configuration.Web.Port);
        return app;
    }

    /// <summary>Sentences for ports that are taken.</summary>
    public static IEnumerable<string> PortFaults(SiloConfiguration configuration) => PortCheck.Faults(
    [
        ("the hospital link", configuration.Link),
        ("the operator's pages", configuration.Web),
        ("the Orleans silo", new IPEndPoint(configuration.Address, configuration.SiloPort)),
        ("the Orleans gateway", new IPEndPoint(configuration.Address, configuration.GatewayPort)),
    ]);

    /// <summary>One Silo with a database file of its own, or one of several that share a database.</summary>
    private static ISiloBuilder AddStorage(ISiloBuilder silo, SiloConfiguration configuration, DataFolder folder, PostgresDatabase? database) =>
        database is null
            ? silo
                .AddEmbeddedBlobs(folder.In("blobs.db"), folder.In("blobs"))
                .UseLocalhostClustering(configuration.SiloPort, configuration.GatewayPort)
                .AddSqliteGrainStorage(StorageNames.Grains, folder.In("centre.db"), StorageNames.FileVersion)
            : AddEndpoints(silo.UsePostgres(database, StorageNames.Grains), configuration);

    /// <summary>Where the other Silos find this one: at the address that it is told, or at its pod's.</summary>
    private static ISiloBuilder AddEndpoints(ISiloBuilder silo, SiloConfiguration configuration) => configuration.IsInKubernetes
        ? silo
            .Configure<EndpointOptions>(endpoints =>
                (endpoints.SiloPort, endpoints.GatewayPort) = (configuration.SiloPort, configuration.GatewayPort))
            .UseKubernetesHosting()
        : silo.ConfigureEndpoints(configuration.Address, configuration.SiloPort, configuration.GatewayPort);

    /// <summary>Names by which the pages answer: those that are configured, and the address that they are at.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> HostsOf(SiloConfiguration configuration) => configuration.WebHosts
        .Add(configuration.Web.Address.ToString())
        .Select((host, index) => KeyValuePair.Create($"{nameof(OperatorPagesOptions.AllowedHosts)}:{index}", (string?)host));

    private static void Apply(SiloConfiguration configuration, LinkKit kit, CentreOptions options)
    {
        options.Federation = kit.Identity.Federation;
        options.Tick = configuration.Tick ?? options.Tick;
        options.HeartbeatInterval = configuration.HeartbeatInterval ?? options.HeartbeatInterval;
        options.AttemptDelay = configuration.AttemptDelay ?? options.AttemptDelay;
        options.StagingBudget = configuration.StagingBudget ?? options.StagingBudget;
        options.ScratchBudget = configuration.ScratchBudget ?? options.ScratchBudget;

        // A Silo that is the only one has nowhere to spread updates to.
        options.ShardBytes = configuration.ShardBytes ?? (configuration.Postgres is null ? options.ShardBytes : SharedShardBytes);
    }
}

using FederatedOrleans.Federation;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Identity;
using FederatedOrleans.Storage;
using FederatedOrleans.Updates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace FederatedOrleans.Hosting;

/// <summary>A central cluster, of one silo if not said otherwise, shared by the tests of its collection, which run one after the other.</summary>
public sealed class Centre : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fo-grains-").FullName;
    private InProcessTestCluster? _cluster;

    internal ShiftedTime Time { get; } = new();

    internal TestStorage Storage { get; } = new();

    internal long StagingBudget { get; init; } = 1 << 20;

    internal long ScratchBudget { get; init; }

    internal long ShardBytes { get; init; }

    internal short Silos { get; init; } = 1;

    internal TimeSpan AttemptDelay { get; init; }

    internal TimeSpan? JoinTime { get; init; }

    internal InProcessTestCluster Cluster => _cluster!;

    internal string BlobFolder => Path.Combine(_folder, "blobs");

    internal IGrainFactory Grains => Cluster.Client;

    internal UpdateIntake Intake => Services.GetRequiredService<UpdateIntake>();

    internal IFederationGrain Federation => Grains.GetGrain<IFederationGrain>(GrainKeys.Federation);

    internal IServiceProvider Services => Cluster.GetSiloServiceProvider();

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Time);
            SteadyTime.UseForActivations(silo.Services, Time);
            silo.Services.AddKeyedSingleton(TimeProviderNames.Membership, TimeProvider.System);
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (services, _) => Storage.For(services));
            silo.Services.AddMetrics();
            silo.Services.AddFederationCentre(BlobFolder, Path.Combine(BlobFolder, "scratch"), options =>
            {
                options.Federation = "test-study";
                options.Tick = TimeSpan.FromMilliseconds(20);
                options.HeartbeatInterval = TimeSpan.FromSeconds(1);
                options.AttemptDelay = AttemptDelay;
                options.JoinTime = JoinTime ?? options.JoinTime;
                options.StagingBudget = StagingBudget;
                options.ScratchBudget = ScratchBudget;
                options.ShardBytes = ShardBytes;
            });
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends the silo, lets time pass, and starts another with the same storage and files.</summary>
    internal async Task RestartAsync(TimeSpan outage = default)
    {
        await Cluster.StopSiloAsync(Cluster.Silos[0]);
        Time.Pass(outage);
        await Cluster.StartAdditionalSiloAsync();
        await UntilAsync(WakeAsync, awake => awake, "the client finds the new silo");
    }

    private async Task<bool> WakeAsync()
    {
        try
        {
            await Federation.WakeRunsAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (OrleansException)
        {
            return false;
        }
    }

    /// <summary>Ends a grain's activation as the loss of its silo would: nothing in memory survives.</summary>
    internal static async Task DeactivateAsync(IAddressable grain) => await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

    internal async Task EnrolAsync(params string[] hospitals)
    {
        foreach (var hospital in hospitals)
        {
            Assert.True((await Federation.InviteHospitalAsync(hospital)).Done);
            var key = new HospitalKey(
                ContentDigest.Of([(byte)hospital[^1], (byte)hospital[0]]).Hex, Time.GetUtcNow() - TimeSpan.FromDays(1), Time.GetUtcNow() + TimeSpan.FromDays(3650));
            Assert.True((await Federation.AdmitHospitalAsync(hospital, key)).Done);
        }
    }

    /// <summary>Waits until a reading is what it should be.</summary>
    internal static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> done, string what)
    {
        var limit = TimeSpan.FromSeconds(30);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (done(value))
            {
                return value;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < limit, $"Waited in vain: {what}; last: {value}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}

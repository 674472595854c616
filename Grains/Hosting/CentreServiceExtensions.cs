using FederatedOrleans.Aggregation;
using FederatedOrleans.Blobs;
using FederatedOrleans.Observing;
using FederatedOrleans.Placement;
using FederatedOrleans.Updates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace FederatedOrleans.Hosting;

/// <summary>Wires the central grains.</summary>
public static class CentreServiceExtensions
{
    /// <summary>Adds what the central grains need but a grain storage named <see cref="StorageNames.Grains"/>.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="blobFolder">Folder of the blobs, or null where the storage brings an <see cref="IBlobStore"/> of its own.</param>
    /// <param name="scratchFolder">Folder of this silo's own for updates that do not fit into memory; encrypted, and gone with the process.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddFederationCentre(
        this IServiceCollection services, string? blobFolder, string scratchFolder, Action<CentreOptions> configure)
    {
        services.AddOptions<CentreOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CentreOptions>, CentreOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        if (blobFolder is not null)
        {
            services.AddSingleton<IBlobStore>(_ => new FileBlobStore(blobFolder));
        }

        services.AddPlacementDirector<SpreadPlacement, SpreadPlacementDirector>();
        services.AddSingleton<PlanCache>();
        services.AddSingleton<FederationMetrics>();
        services.AddSingleton<UpdateIntake>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CentreOptions>>().Value;
            return new StagingArea(options.StagingBudget, options.ScratchBudget, scratchFolder, provider.GetService<TimeProvider>());
        });
        return services;
    }
}

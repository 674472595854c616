using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace FederatedOrleans.Simulation.Faults;

/// <summary>Storage at which reads and writes fail, before or after they were done: who writes can't know which.</summary>
internal sealed class FaultyStorage(IGrainStorage storage, FaultSchedule schedule, double rate) : IGrainStorage
{
    /// <summary>Puts faults before a storage that the silo has.</summary>
    public static void Wrap(ISiloBuilder silo, string name, FaultSchedule schedule, double rate)
    {
        var known = silo.Services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, name));
        silo.Services.Remove(known);
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            name, (services, key) => new FaultyStorage((IGrainStorage)known.KeyedImplementationFactory!(services, key), schedule, rate));
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Fail($"read {stateName}");
        await storage.ReadStateAsync(stateName, grainId, grainState);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Fail($"before write {stateName}");
        await storage.WriteStateAsync(stateName, grainId, grainState);
        Fail($"after write {stateName}");
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ClearStateAsync(stateName, grainId, grainState);

    private void Fail(string subject)
    {
        if (schedule.Happens(subject, rate))
        {
            throw new IOException("The database is away.");
        }
    }
}

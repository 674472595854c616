using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace FederatedOrleans.Hosting;

/// <summary>Grain storage that outlives its silo, compares ETags, counts writes and fails where a test says so.</summary>
internal sealed class TestStorage
{
    private readonly ConcurrentDictionary<(string State, string Key), (byte[] Payload, int Version)> _rows = new();
    private readonly ConcurrentDictionary<(string State, string Key), int> _writes = new();
    private volatile Func<string, string, object?, WriteFault>? _fault;

    /// <summary>The next write for which the function names a fault fails; later ones succeed.</summary>
    public void FailOnce(Func<string, string, object?, WriteFault> fault) => _fault = fault;

    /// <summary>Every write waits first for what the function gives for its key and state; null for no wait.</summary>
    public Func<string, object?, Task>? Holding { get; set; }

    public bool FaultIsPending => _fault is not null;

    public int Writes(string state, string key) => _writes.GetValueOrDefault((state, key));

    public IGrainStorage For(IServiceProvider services) => new Provider(this, services.GetRequiredService<Serializer>());

    private sealed class Provider(TestStorage storage, Serializer serializer) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (storage._rows.TryGetValue((stateName, grainId.Key.ToString()!), out var row))
            {
                grainState.State = serializer.Deserialize<T>(row.Payload);
                grainState.ETag = row.Version.ToString();
                grainState.RecordExists = true;
            }
            else
            {
                grainState.State = Activator.CreateInstance<T>();
                grainState.ETag = null;
                grainState.RecordExists = false;
            }

            return Task.CompletedTask;
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await Task.Yield();
            var key = (stateName, grainId.Key.ToString()!);
            await (storage.Holding?.Invoke(key.Item2, grainState.State) ?? Task.CompletedTask);
            var fault = storage._fault?.Invoke(key.stateName, key.Item2, grainState.State) ?? WriteFault.None;
            if (fault != WriteFault.None)
            {
                storage._fault = null;
            }

            if (fault == WriteFault.NotStored)
            {
                throw new InvalidOperationException("The test's storage can't be reached.");
            }

            var found = storage._rows.TryGetValue(key, out var row) ? row.Version.ToString() : null;
            if (found != grainState.ETag)
            {
                throw new InconsistentStateException("Another activation wrote.", found, grainState.ETag);
            }

            storage._rows[key] = (serializer.SerializeToArray(grainState.State), row.Version + 1);
            storage._writes.AddOrUpdate(key, 1, (_, count) => count + 1);
            if (fault == WriteFault.StoredButNotTold)
            {
                throw new TimeoutException("The test's storage has not answered.");
            }

            grainState.ETag = (row.Version + 1).ToString();
            grainState.RecordExists = true;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}

using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace FederatedOrleans.Storage;

/// <summary>Has the grains of a process write one after the other, in the order in which they come.</summary>
/// <remarks>
/// SQLite has one writer a file. Of two that come at once it has one sleep for a millisecond or more, however soon the other is done, and
/// lets whoever wakes at the right moment go first. Whose turn it is does not wait for its grain to have time for it.
/// </remarks>
internal sealed class SerialWrites(IGrainStorage storage) : IGrainStorage, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ReadStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        InTurnAsync(() => storage.WriteStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        InTurnAsync(() => storage.ClearStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> write)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await write();
        }
        finally
        {
            _turn.Release();
        }
    }
}

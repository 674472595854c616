using Orleans.Runtime;

namespace FederatedOrleans.Hosting;

/// <summary>A grain's stored state, read by everybody only as it was last written.</summary>
/// <remarks>Reads that interleave with a write must not see what is not yet stored: an answer comes from written state only.</remarks>
/// <param name="storage">The storage.</param>
/// <param name="giveUp">Ends the activation: after a failed write nobody knows what is stored, and the next one reads it.</param>
internal sealed class StoredState<T>(IPersistentState<T> storage, Action giveUp)
    where T : class, new()
{
    private T? _written;

    /// <summary>The state as stored.</summary>
    public T Current => _written ??= storage.State;

    /// <summary>Whether anything has been stored.</summary>
    public bool Exists => storage.RecordExists;

    /// <summary>Stores <paramref name="next"/>; until that has succeeded <see cref="Current"/> stays what it was.</summary>
    /// <exception cref="OrleansException">It could not be stored: let it escape, so that the next activation reads again.</exception>
    public async Task WriteAsync(T next, CancellationToken cancellationToken = default)
    {
        _ = Current;
        storage.State = next;
        try
        {
            await storage.WriteStateAsync(cancellationToken);
        }
        catch
        {
            giveUp();
            throw;
        }

        _written = next;
    }
}

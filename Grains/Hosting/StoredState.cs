using Orleans.Runtime;

namespace FederatedOrleans.Hosting;

/// <summary>A grain's stored state, read by everybody only as it was last written.</summary>
/// <remarks>Reads that interleave with a write must not see what is not yet stored: an answer comes from written state only.</remarks>
internal sealed class StoredState<T>(IPersistentState<T> storage)
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
        await storage.WriteStateAsync(cancellationToken);
        _written = next;
    }
}

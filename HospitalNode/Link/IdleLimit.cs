namespace FederatedOrleans.Site.Link;

/// <summary>Breaks a transfer at which nothing moves: a connection whose other end is gone without a word would else hang for ever.</summary>
/// <remarks>It bounds silence, not length: a large model over a slow line takes as long as it takes.</remarks>
internal sealed class IdleLimit : IDisposable
{
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;

    public IdleLimit(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        (_longest, _caller) = (longest, cancellationToken);
        _idle = new CancellationTokenSource(longest, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _idle.Token);
    }

    /// <summary>Something moved: the time begins anew.</summary>
    public void Moved() => _idle.CancelAfter(_longest);

    /// <summary>Does a part of the transfer.</summary>
    /// <exception cref="IOException">Nothing moved for too long.</exception>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> transfer)
    {
        try
        {
            var result = await transfer(_either.Token);
            Moved();
            return result;
        }
        catch (Exception) when (_idle.IsCancellationRequested && !_caller.IsCancellationRequested)
        {
            // What the cancellation looked like to the transfer says nothing more.
        }

        throw new IOException($"The transfer broke: no byte moved for {_longest.TotalSeconds:0.#} s.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _idle.Dispose();
    }
}

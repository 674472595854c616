namespace FederatedOrleans.Training;

/// <summary>Where a training stops between two steps while its machine is not free for it. Open at first. Safe for concurrent use.</summary>
internal sealed class PauseGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true, spinCount: 0);

    /// <summary>Whether whoever comes to it waits.</summary>
    public bool IsPaused => !_open.IsSet;

    /// <summary>Stops a training at its next step.</summary>
    public void Pause() => _open.Reset();

    /// <summary>Lets it go on.</summary>
    public void Resume() => _open.Set();

    /// <summary>Passes at once where it is open; else blocks the calling thread, without using a processor, until it is.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Pass(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _open.Wait(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _open.Dispose();
}

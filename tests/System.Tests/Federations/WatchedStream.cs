namespace FederatedOrleans.Federations;

/// <summary>A stream of events, kept from its beginning until it is closed.</summary>
internal sealed class WatchedStream : IAsyncDisposable
{
    private readonly string _path;
    private readonly MemoryStream _kept = new();
    private readonly CancellationTokenSource _closing = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Task _reading;

    private WatchedStream(string path, Stream events)
    {
        _path = path;
        _reading = ReadAsync(events);
    }

    public static async Task<WatchedStream> OpenAsync(OperatorSession session, string path) => new(path, await session.OpenAsync(path));

    /// <summary>Ends the stream: all that came.</summary>
    public async Task<(string Name, byte[] Bytes)> CloseAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        return (_path, _kept.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _closing.Dispose();
    }

    private async Task ReadAsync(Stream events)
    {
        try
        {
            await using (events)
            {
                await events.CopyToAsync(_kept, _closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closed by the test.
        }
    }
}

using FederatedOrleans.Federation;

namespace FederatedOrleans.Operators;

/// <summary>Reads the runs and hospitals once for all who watch. Safe for concurrent use.</summary>
internal sealed class FederationSnapshots(IGrainFactory grains, TimeProvider time) : IDisposable
{
    /// <summary>Runs shown at most.</summary>
    public const int MaxRuns = 100;

    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private FederationSnapshot? _latest;
    private long _readAt;

    /// <summary>The runs and hospitals of half a second ago, or newer.</summary>
    public async Task<FederationSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_latest is { } latest && time.GetElapsedTime(_readAt) < Freshness)
            {
                return latest;
            }

            var federation = grains.Grain<IFederationGrain>(GrainKeys.Federation);
            var runs = federation.RunsAsync(MaxRuns, cancellationToken);
            var hospitals = federation.HospitalsAsync(cancellationToken);
            await Task.WhenAll(runs, hospitals).WaitAsync(Patience, time, cancellationToken);
            _latest = new(await runs, await hospitals);
            _readAt = time.GetTimestamp();
            return _latest;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();
}

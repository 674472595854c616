using System.Collections.Concurrent;

namespace FederatedOrleans.Bench.Links;

/// <summary>Where hospitals wait for one another before they upload, so that nobody's download is taken for a part of the uploads.</summary>
/// <param name="hospitals">How many there are.</param>
/// <param name="pause">What is done, once a round, when all are here and before they go on.</param>
internal sealed class RoundBarrier(int hospitals, Func<int, Task> pause)
{
    private readonly ConcurrentDictionary<int, (ConcurrentDictionary<string, bool> Here, TaskCompletionSource All)> _rounds = [];

    /// <summary>Ends when every hospital has come to the round's barrier, at once for those that come again.</summary>
    public async Task ArriveAsync(int round, string hospital, CancellationToken cancellationToken)
    {
        var (here, all) = _rounds.GetOrAdd(round, _ => (new(StringComparer.Ordinal), new(TaskCreationOptions.RunContinuationsAsynchronously)));
        bool isLast;
        lock (here)
        {
            isLast = here.TryAdd(hospital, true) && here.Count == hospitals;
        }

        if (isLast)
        {
            await pause(round);
            all.SetResult();
        }

        await all.Task.WaitAsync(cancellationToken);
    }
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using FederatedOrleans.Runs;
using Microsoft.Extensions.Options;

namespace FederatedOrleans.Operators;

/// <summary>Live updates: a loop a connection that long-polls the grains and pushes what has changed.</summary>
/// <remarks>
/// Event types: <c>federation</c> (<see cref="FederationSnapshot"/>), <c>run</c> (<see cref="RunView"/>), <c>events</c> (an array of
/// <see cref="RunEvent"/>), <c>why</c> (<see cref="RunExplanation"/>), <c>unavailable</c> (the grains do not answer now) and <c>heartbeat</c>, which carries nothing.
/// </remarks>
internal sealed partial class EventStreams(
    IGrainFactory grains,
    FederationSnapshots snapshots,
    IOptions<OperatorPagesOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<EventStreams> logger)
{
    private const int History = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A burst of events becomes one push.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs and hospitals, at first and after every change.</summary>
    public IAsyncEnumerable<SseItem<string>> FederationAsync(CancellationToken aborted)
    {
        string? sent = null;
        var first = true;
        return LoopAsync(
            async cancellationToken =>
            {
                if (!first)
                {
                    await Task.Delay(options.Value.RefreshInterval, time, cancellationToken);
                }

                first = false;
                var json = OperatorJson.Write(await snapshots.ReadAsync(cancellationToken));
                return Changed(ref sent, json) ? [new(json, "federation")] : [];
            },
            aborted);
    }

    /// <summary>A run's view at first and after every change, and its events, the newest fifty at first.</summary>
    public IAsyncEnumerable<SseItem<string>> RunAsync(string run, CancellationToken aborted)
    {
        var grain = grains.Grain<IRunGrain>(GrainKeys.Run(run));
        string? sent = null;
        string? why = null;
        long? after = null;
        return LoopAsync(
            async cancellationToken =>
            {
                List<SseItem<string>> items = [];
                if (after is null && await grain.ViewAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken) is { } begin)
                {
                    after = Math.Max(0, begin.LastEvent - History);
                    sent = OperatorJson.Write(begin);
                    items.Add(new(sent, "run"));
                }

                var wait = items.Count > 0 ? TimeSpan.Zero : options.Value.RefreshInterval;
                var events = await grain.EventsAsync(after ?? 0, wait, cancellationToken).WaitAsync(Patience, time, cancellationToken);
                if (events.Length > 0)
                {
                    after = events[^1].Sequence;
                    items.Add(new(OperatorJson.Write(events), "events"));
                }

                if (items is not [{ EventType: "run" }, ..])
                {
                    await Task.Delay(Pause, time, cancellationToken);
                    var json = OperatorJson.Write(await grain.ViewAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken));
                    if (Changed(ref sent, json))
                    {
                        items.Add(new(json, "run"));
                    }
                }

                var explained = OperatorJson.Write(await grain.WhyAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken));
                if (Changed(ref why, explained))
                {
                    items.Add(new(explained, "why"));
                }

                return items;
            },
            aborted);
    }

    private static bool Changed(ref string? sent, string json)
    {
        var changed = !string.Equals(sent, json, StringComparison.Ordinal);
        sent = json;
        return changed;
    }

    private async IAsyncEnumerable<SseItem<string>> LoopAsync(
        Func<CancellationToken, Task<IReadOnlyList<SseItem<string>>>> next,
        [EnumeratorCancellation] CancellationToken aborted)
    {
        using var limit = new CancellationTokenSource(options.Value.StreamTime, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping, limit.Token);
        var sentAt = time.GetTimestamp();
        var unavailable = false;
        while (!ending.IsCancellationRequested)
        {
            var items = await TryNextAsync(next, ending.Token);
            var quiet = time.GetElapsedTime(sentAt) >= options.Value.Heartbeat - options.Value.RefreshInterval;
            if (items.Count == 0 && (quiet || unavailable))
            {
                items = [new("", "heartbeat")];
            }

            unavailable = items is [{ EventType: "unavailable" }];

            foreach (var item in items)
            {
                yield return item;
                sentAt = time.GetTimestamp();
            }
        }
    }

    private async Task<IReadOnlyList<SseItem<string>>> TryNextAsync(
        Func<CancellationToken, Task<IReadOnlyList<SseItem<string>>>> next, CancellationToken ending)
    {
        try
        {
            return await next(ending);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception exception)
        {
            LogUnanswered(exception);
        }

        await Task.Delay(options.Value.RefreshInterval, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [new("", "unavailable")];
    }

    [LoggerMessage(5005, LogLevel.Warning, "An event stream got no answer from its grain; it goes on trying")]
    private partial void LogUnanswered(Exception exception);
}

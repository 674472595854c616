using System.Collections.Immutable;
using FederatedOrleans.Federation;
using FederatedOrleans.Runs;

namespace FederatedOrleans.Bench.Rounds;

/// <summary>Times of the rounds of one run, in milliseconds, read from what the centre keeps of it.</summary>
/// <remarks>It needs nothing but the grains that a client may call, so that a federation of processes is measured by the same code.</remarks>
/// <param name="Intervals">From one commit to the next.</param>
/// <param name="Phases">The newest rounds by phase, as far as the centre still knows their events.</param>
internal sealed record RoundTimes(ImmutableArray<double> Intervals, ImmutableArray<(string Phase, ImmutableArray<double> Times)> Phases)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    private static readonly (string Phase, RunEventKind From, RunEventKind To)[] Phased =
    [
        ("selection: invitation to training", RunEventKind.RoundBegan, RunEventKind.TrainingBegan),
        ("training, upload, count", RunEventKind.TrainingBegan, RunEventKind.RoundClosing),
        ("fold and commit", RunEventKind.RoundClosing, RunEventKind.RoundCommitted),
    ];

    /// <summary>Submits a plan and measures its rounds but for the first ones.</summary>
    public static async Task<RoundTimes> MeasureAsync(
        IFederationGrain federation, Func<string, IRunGrain> runOf, byte[] plan, int warmUp, CancellationToken cancellationToken)
    {
        var submitted = await federation.SubmitAsync(new SubmitPlan { Submission = Guid.NewGuid(), Plan = plan }, cancellationToken);
        var run = runOf(submitted.Run ?? throw new InvalidOperationException(string.Join("; ", submitted.Faults)));
        while (true)
        {
            var view = await run.ViewAsync(cancellationToken);
            if (view?.Summary.Status == RunStatus.Completed)
            {
                break;
            }

            if (view?.Summary is { Status: RunStatus.Paused or RunStatus.Stopped } ended)
            {
                throw new InvalidOperationException($"The run ended: {ended.Reason}");
            }

            await run.EventsAsync(view?.LastEvent ?? 0, Wait, cancellationToken);
        }

        return new(await IntervalsAsync(run, warmUp, cancellationToken), await PhasesAsync(run, cancellationToken));
    }

    private static async Task<ImmutableArray<double>> IntervalsAsync(IRunGrain run, int warmUp, CancellationToken cancellationToken)
    {
        var commits = new List<DateTimeOffset>();
        while (await run.VersionsAsync(commits.Count + 1, 200, cancellationToken) is { IsEmpty: false } page)
        {
            commits.AddRange(page.Select(version => version.Manifest.CommittedAt));
        }

        return [.. Between(commits).Skip(warmUp)];
    }

    /// <summary>Milliseconds from one commit to the next.</summary>
    public static IEnumerable<double> Between(IReadOnlyCollection<DateTimeOffset> commits) =>
        commits.Zip(commits.Skip(1), (before, after) => (after - before).TotalMilliseconds);

    private static async Task<ImmutableArray<(string Phase, ImmutableArray<double> Times)>> PhasesAsync(
        IRunGrain run, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        while (await run.EventsAsync(events.Count == 0 ? 0 : events[^1].Sequence, TimeSpan.Zero, cancellationToken) is { IsEmpty: false } page)
        {
            events.AddRange(page);
        }

        var rounds = events.GroupBy(occurred => occurred.Round)
            .Select(round => round.GroupBy(occurred => occurred.Kind).ToDictionary(kind => kind.Key, kind => kind.First().At))
            .ToArray();
        var phases = Phased.Select(phase => (phase.Phase, Times: rounds
            .Where(round => round.ContainsKey(phase.From) && round.ContainsKey(phase.To))
            .Select(round => (round[phase.To] - round[phase.From]).TotalMilliseconds)
            .ToImmutableArray()));
        var between = events.Where(occurred => occurred.Kind == RunEventKind.RoundCommitted)
            .Join(
                events.Where(occurred => occurred.Kind == RunEventKind.RoundBegan),
                committed => committed.Round + 1,
                began => began.Round,
                (committed, began) => (began.At - committed.At).TotalMilliseconds);
        return [.. phases, ("commit to the next invitation", [.. between])];
    }
}

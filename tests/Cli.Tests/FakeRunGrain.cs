using System.Collections.Concurrent;
using System.Collections.Immutable;
using FederatedOrleans.Identity;
using FederatedOrleans.Runs;
using Orleans.Runtime;

namespace FederatedOrleans.Cli.Tests;

/// <summary>Runs whose id says how they go.</summary>
[GrainType("test.run")]
public sealed class FakeRunGrain : Grain, IRunGrain
{
    private int _polls;

    public static ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Done when somebody asks for the events of the run that does not end.</summary>
    public static TaskCompletionSource EndlessIsWatched { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Run => GrainKeys.IdOf(this.GetPrimaryKeyString());

    private RunStatus Status => Run switch
    {
        "run-complete" or "run-silent" or "run-flaky" or "run-broken" => RunStatus.Completed,
        "run-late" => _polls < 2 ? RunStatus.Running : RunStatus.Completed,
        "run-stopped" => RunStatus.Stopped,
        "run-held" => RunStatus.Held,
        "run-endless" => RunStatus.Running,
        _ => RunStatus.None,
    };

    public static RunSummary Summary(string run, RunStatus status) => new()
    {
        Run = run,
        PlanName = "heart",
        PlanDigest = ContentDigest.Of(Sample.PlanBytes),
        Status = status,
        Reason = status == RunStatus.Stopped ? "enough\u001b[31m" : status == RunStatus.Held ? "version 3 is held: va" : null,
        CommittedRounds = status == RunStatus.Stopped ? 1 : 3,
        Rounds = 3,
        SubmittedBy = "ada",
        SubmittedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public Task<RunView?> ViewAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(Status == RunStatus.None ? null : new RunView { Summary = Summary(Run, Status), LastEvent = 4 });

    public Task<ImmutableArray<ModelVersionView>> VersionsAsync(int from, int count, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<ModelVersionView>>(
        [
            .. Sample.Description(Run).Lineage.Where(manifest => manifest.Round >= from).Take(count).Select(manifest => new ModelVersionView
            {
                Manifest = manifest, Evaluations = [new("cleveland", FakeMetrics.One)],
            }),
        ]);

    public async Task<ImmutableArray<RunEvent>> EventsAsync(long after, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        _polls++;
        if (Run == "run-endless")
        {
            EndlessIsWatched.TrySetResult();
        }

        if (Run == "run-flaky" && _polls <= 2)
        {
            throw new TimeoutException("away");
        }

        ImmutableArray<RunEvent> all = Run is "run-silent" or "run-endless" ? [] :
        [
            new() { Sequence = 1, Kind = RunEventKind.RoundBegan, Round = 1, Attempt = 1, Text = "began" },
            new() { Sequence = 2, Kind = RunEventKind.RoundCommitted, Round = 1, Attempt = 1, Text = "committed" },
            new()
            {
                Sequence = 3, Kind = RunEventKind.HospitalEvaluated, Round = 1, Hospital = "cleveland", Text = "cleveland evaluated", Metrics = FakeMetrics.One,
            },
            .. Run == "run-late"
                ? ImmutableArray<RunEvent>.Empty
                : [new RunEvent { Sequence = 4, Kind = RunEventKind.StatusChanged, Text = "ended", Status = Status }],
        ];
        ImmutableArray<RunEvent> next = [.. all.Where(occurred => occurred.Sequence > after)];
        if (next.IsEmpty && wait > TimeSpan.Zero)
        {
            await Task.Delay(Run == "run-late" ? TimeSpan.FromMilliseconds(100) : wait, cancellationToken);
        }

        return next;
    }

    public Task<ImmutableArray<RoundManifest>> LineageAsync(int from, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<RoundManifest>>([.. Sample.Description(Run).Lineage.Where(manifest => manifest.Round >= from).Take(1)]);

    public Task<RunExplanation?> WhyAsync(CancellationToken cancellationToken = default) => Task.FromResult(Status == RunStatus.None ? null : new RunExplanation
    {
        Why = "round 2 waits for updates: 1 are in, at least 2 must be",
        Hospitals = [new() { Hospital = "va", Doing = "trains: 40 of 100 steps", Activity = new() { StepsDone = 40, StepsTotal = 100 } }],
        IfClosedNow = "it would be refused: 1 of at least 2 updates are in",
    });

    public Task<CommandResult> CloseRoundAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(CommandResult.Refused("Fewer than the minimum are in."));

    public Task<CommandResult> AbandonRoundAsync(string reason, CancellationToken cancellationToken = default) => Done($"abandon {Run} {reason}");

    public Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken = default) => Done($"pause {Run} {reason}");

    public Task<CommandResult> ResumeAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(CommandResult.Refused("The run is not paused."));

    public Task<CommandResult> StopAsync(string reason, CancellationToken cancellationToken = default) => Done($"stop {Run} {reason}");

    public Task<ModelDescription?> DescribeModelAsync(int? version, CancellationToken cancellationToken = default) =>
        Task.FromResult(Status == RunStatus.None || version is not (null or 2) ? null : Sample.Description(Run) with { Lineage = [] });

    public Task<CommandResult> ReleaseAsync(string reason, CancellationToken cancellationToken = default) =>
        Done($"release {Run} {reason}");

    public Task<CommandResult> EvaluateAsync(int version, CancellationToken cancellationToken = default) => Done($"evaluate {Run} {version}");

    public Task<StatisticsView?> StatisticsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(Run == "run-complete" ? SampleStatistics.View : null);

    public Task<byte[]> ReadModelAsync(int version, long offset, int count, CancellationToken cancellationToken = default)
    {
        // Smaller pieces than asked for, and wrong ones of a broken run.
        var chunk = Sample.Payload.AsSpan((int)offset, Math.Min(count, 5)).ToArray();
        chunk[0] ^= Run == "run-broken" ? (byte)1 : (byte)0;
        return Task.FromResult(chunk);
    }

    private static Task<CommandResult> Done(string command)
    {
        Commands.Enqueue(command);
        return Task.FromResult(CommandResult.Ok);
    }
}

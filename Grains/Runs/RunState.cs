using System.Collections.Immutable;
using FederatedOrleans.Evaluation;
using FederatedOrleans.Identity;
using FederatedOrleans.Optimizers;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Runs;

/// <summary>What a run stores: the one record that decides which rounds are committed.</summary>
[GenerateSerializer, Immutable, Alias("fo.RunState")]
public sealed record RunState
{
    /// <summary>Where it stands.</summary>
    [Id(0)] public RunStatus Status { get; init; }

    /// <summary>Why paused or stopped.</summary>
    [Id(1)] public string? Reason { get; init; }

    /// <summary>The plan's blob.</summary>
    [Id(2)] public ContentDigest PlanDigest { get; init; }

    /// <summary>Who submitted it.</summary>
    [Id(3)] public string SubmittedBy { get; init; } = "";

    /// <summary>When.</summary>
    [Id(4)] public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Model of version 0.</summary>
    [Id(5)] public ContentDigest InitialModel { get; init; }

    /// <summary>The committed rounds that are in no page yet, the first first; never empty where any is committed.</summary>
    [Id(6)] public ImmutableArray<CommittedRound> Newest { get; init; } = [];

    /// <summary>The attempt at the next round that is or will be under way, from 1; never restarts within a round.</summary>
    [Id(7)] public int Attempt { get; init; } = 1;

    /// <summary>Attempts at the next round abandoned since it began or was resumed.</summary>
    [Id(8)] public int Abandoned { get; init; }

    /// <summary>When the attempt may begin.</summary>
    [Id(9)] public DateTimeOffset NotBefore { get; init; }

    /// <summary>Why the attempt waits until then.</summary>
    [Id(10)] public string? WaitReason { get; init; }

    /// <summary>Blobs of the pages that hold the committed rounds before those, the first first.</summary>
    [Id(11)] public ImmutableArray<ContentDigest> Pages { get; init; } = [];

    /// <summary>How the validation metric has gone, where the plan ends early by it.</summary>
    [Id(12)] public EarlyStoppingState Stopping { get; init; } = new();

    /// <summary>Whether statistics are to be gathered before the first round.</summary>
    [Id(13)] public bool AwaitsStatistics { get; init; }

    /// <summary>The statistics round, whose model is the vector of sums; absent where there is none, or it is not committed yet.</summary>
    [Id(14)] public CommittedRound? Statistics { get; init; }

    /// <summary>The model in use, with which the run's are compared; none where the plan does not.</summary>
    [Id(15)] public ContentDigest Incumbent { get; init; }

    /// <summary>Versions evaluated since somebody asked for it, beside those that the plan names.</summary>
    [Id(16)] public ImmutableArray<int> AlsoEvaluated { get; init; } = [];

    /// <summary>The best version, where the plan knows which that is.</summary>
    public int? BestVersion => Stopping.Best == 0 ? null : Stopping.Best;

    /// <summary>How many rounds are committed.</summary>
    public int CommittedRounds => (Pages.Length * CommittedPages.PageRounds) + Newest.Length;

    /// <summary>The round under way, from 1; 0 is that of statistics.</summary>
    public int Round => AwaitsStatistics ? TrainingPlan.StatisticsRound : CommittedRounds + 1;

    /// <summary>The latest model.</summary>
    public ContentDigest Model => Newest.IsEmpty ? InitialModel : Newest[^1].Model;

    /// <summary>What the centre keeps beside it; absent where it keeps nothing.</summary>
    public ServerState? ServerState => WithStatistics(Newest.IsEmpty ? null : Newest[^1].State);

    /// <summary>What the centre keeps beside a model, the statistics among it where there are any.</summary>
    public ServerState? WithStatistics(ServerState? state) =>
        Statistics is { } known ? (state ?? new()) with { Statistics = known.Model } : state;
}

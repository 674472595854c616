namespace FederatedOrleans.Rounds;

/// <summary>The rules of a round with every number fixed for the hospitals that are eligible. Made by <see cref="RoundOptionsResolution.Resolve"/>.</summary>
[GenerateSerializer, Immutable, Alias("fo.ResolvedRoundOptions")]
public sealed record ResolvedRoundOptions
{
    /// <summary>Reports wanted, at least 1.</summary>
    [Id(0)] public required int GoalCount { get; init; }

    /// <summary>Fewer reports than this never become a model: 1 to <see cref="GoalCount"/>.</summary>
    [Id(1)] public required int MinimumReports { get; init; }

    /// <summary>Hospitals to invite: at least <see cref="GoalCount"/>, at most all that are eligible.</summary>
    [Id(2)] public required int Invitations { get; init; }

    /// <summary>How long to wait for acceptances.</summary>
    [Id(3)] public required TimeSpan SelectionWindow { get; init; }

    /// <summary>How long from configuration to report.</summary>
    [Id(4)] public required TimeSpan ReportingDeadline { get; init; }

    /// <summary>How long the others may still finish once the goal is reached; 10 % of the elapsed time, at most 5 minutes, when absent.</summary>
    [Id(5)] public TimeSpan? Grace { get; init; }

    /// <summary>Latest deadline that progress can push to, counted from configuration; at least <see cref="ReportingDeadline"/>.</summary>
    [Id(6)] public required TimeSpan ProgressCap { get; init; }

    /// <summary>Attempts before the run pauses.</summary>
    [Id(7)] public required int Attempts { get; init; }

    /// <summary>A hospital not heard of for so long counts as lost for the phase.</summary>
    [Id(8)] public required TimeSpan LeaseTime { get; init; }

    /// <summary>How long the coordinator waits for the aggregate, and an epoch for uploads again.</summary>
    [Id(9)] public required TimeSpan ClosingDeadline { get; init; }

    /// <summary>Hospitals of the cohort that share an aggregator, at least 1; all of them where nobody says.</summary>
    [Id(10)] public int GroupSize { get; init; } = int.MaxValue;
}

namespace FederatedOrleans.Rounds;

/// <summary>The rules of a round with every default filled in for the hospitals that are there.</summary>
[GenerateSerializer, Immutable, Alias("fo.ResolvedRoundOptions")]
public sealed record ResolvedRoundOptions
{
    /// <summary>Reports wanted.</summary>
    [Id(0)] public required int GoalCount { get; init; }

    /// <summary>Fewer reports than this never become a model.</summary>
    [Id(1)] public required int MinimumReports { get; init; }

    /// <summary>Hospitals to invite: goal times over-selection, rounded up, at most all.</summary>
    [Id(2)] public required int Invitations { get; init; }

    /// <summary>How long to wait for acceptances.</summary>
    [Id(3)] public required TimeSpan SelectionWindow { get; init; }

    /// <summary>How long from configuration to report.</summary>
    [Id(4)] public required TimeSpan ReportingDeadline { get; init; }

    /// <summary>Time for the others once the goal is reached; 10 % of the elapsed time, at most 5 minutes, when absent.</summary>
    [Id(5)] public TimeSpan? Grace { get; init; }

    /// <summary>Cap on a deadline pushed by progress, counted from configuration.</summary>
    [Id(6)] public required TimeSpan ProgressCap { get; init; }

    /// <summary>Attempts before the run pauses.</summary>
    [Id(7)] public required int Attempts { get; init; }

    /// <summary>A hospital not heard of for so long counts as lost for the phase.</summary>
    [Id(8)] public required TimeSpan LeaseTime { get; init; }

    /// <summary>How long an aggregate, or an epoch's uploads, may take.</summary>
    [Id(9)] public required TimeSpan ClosingDeadline { get; init; }
}

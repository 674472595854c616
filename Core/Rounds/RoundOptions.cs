namespace FederatedOrleans.Rounds;

/// <summary>The rules of a round as a plan states them. What is left out takes the default when the run is submitted.</summary>
public sealed record RoundOptions
{
    /// <summary>Reports wanted; all hospitals eligible for the plan when absent.</summary>
    public int? GoalCount { get; init; }

    /// <summary>Fewer reports than this never become a model; max(2, 60 % of the goal, rounded up) when absent.</summary>
    public int? MinimumReports { get; init; }

    /// <summary>Invitations as a multiple of the goal, 1 to 10; 1 by default.</summary>
    public double OverSelection { get; init; } = 1.0;

    /// <summary>How long to wait for acceptances: 1 s to 7 days; 2 minutes by default.</summary>
    public TimeSpan SelectionWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long from configuration to report: 1 s to 7 days; 30 minutes by default.</summary>
    public TimeSpan ReportingDeadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the others may still finish once the goal is reached; 10 % of the elapsed time, at most 5 minutes, when absent.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>Cap on a deadline pushed by progress, counted from configuration; twice <see cref="ReportingDeadline"/> when absent.</summary>
    public TimeSpan? ProgressExtension { get; init; }

    /// <summary>Attempts at a round before the run pauses, 1 to 100; 3 by default.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>A hospital not heard of for so long counts as lost for the phase: 1 s to 1 hour; 90 s by default.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long the coordinator waits for the aggregate, and an epoch for uploads again: 1 s to 1 day; 2 minutes by default.</summary>
    public TimeSpan ClosingDeadline { get; init; } = TimeSpan.FromMinutes(2);
}

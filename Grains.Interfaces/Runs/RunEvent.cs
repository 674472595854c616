using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Runs;

/// <summary>One event of a run, numbered; events are kept in memory only, the newest thousand.</summary>
[GenerateSerializer, Immutable, Alias("fo.RunEvent")]
public sealed record RunEvent
{
    /// <summary>Number, ascending; starts anew in another activation at a higher value.</summary>
    [Id(0)] public long Sequence { get; init; }

    /// <summary>When.</summary>
    [Id(1)] public DateTimeOffset At { get; init; }

    /// <summary>What.</summary>
    [Id(2)] public required RunEventKind Kind { get; init; }

    /// <summary>Round number from 1; 0 where none.</summary>
    [Id(3)] public int Round { get; init; }

    /// <summary>Attempt number from 1; 0 where none.</summary>
    [Id(4)] public int Attempt { get; init; }

    /// <summary>Hospital id, where it concerns one.</summary>
    [Id(5)] public string? Hospital { get; init; }

    /// <summary>A sentence for people.</summary>
    [Id(6)] public required string Text { get; init; }

    /// <summary>Metrics of an evaluation.</summary>
    [Id(7)] public EvaluationMetrics? Metrics { get; init; }

    /// <summary>Status after a change of it.</summary>
    [Id(8)] public RunStatus Status { get; init; }
}

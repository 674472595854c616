using System.Collections.Immutable;
using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>The round that a run is in.</summary>
[GenerateSerializer, Immutable, Alias("fo.RoundView")]
public sealed record RoundView
{
    /// <summary>Round number from 1.</summary>
    [Id(0)] public required int Round { get; init; }

    /// <summary>Attempt number from 1.</summary>
    [Id(1)] public required int Attempt { get; init; }

    /// <summary>Where the attempt stands.</summary>
    [Id(2)] public required RoundPhase Phase { get; init; }

    /// <summary>When the phase began.</summary>
    [Id(3)] public DateTimeOffset PhaseStartedAt { get; init; }

    /// <summary>When the phase ends at the latest.</summary>
    [Id(4)] public DateTimeOffset PhaseDeadline { get; init; }

    /// <summary>Reports wanted.</summary>
    [Id(5)] public int GoalCount { get; init; }

    /// <summary>Reports needed.</summary>
    [Id(6)] public int MinimumReports { get; init; }

    /// <summary>Hospitals in ordinal order.</summary>
    [Id(7)] public ImmutableArray<RoundHospitalView> Hospitals { get; init; } = [];
}

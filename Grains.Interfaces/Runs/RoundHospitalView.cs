using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>What one hospital does in the current round.</summary>
[GenerateSerializer, Immutable, Alias("fo.RoundHospitalView")]
public sealed record RoundHospitalView
{
    /// <summary>Hospital id.</summary>
    [Id(0)] public required string Hospital { get; init; }

    /// <summary>What it does.</summary>
    [Id(1)] public required ParticipantStatus Status { get; init; }

    /// <summary>Whether it has not been heard of for longer than its lease.</summary>
    [Id(2)] public bool Lost { get; init; }

    /// <summary>Why it declined or failed.</summary>
    [Id(3)] public string? Reason { get; init; }

    /// <summary>Training steps done, as last reported.</summary>
    [Id(4)] public long StepsDone { get; init; }

    /// <summary>Training steps in all, as last reported.</summary>
    [Id(5)] public long StepsTotal { get; init; }
}

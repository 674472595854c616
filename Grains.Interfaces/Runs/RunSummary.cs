using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>A run in one line.</summary>
[GenerateSerializer, Immutable, Alias("fo.RunSummary")]
public sealed record RunSummary
{
    /// <summary>Run id.</summary>
    [Id(0)] public required string Run { get; init; }

    /// <summary>The plan's name.</summary>
    [Id(1)] public required string PlanName { get; init; }

    /// <summary>Digest of the plan as submitted.</summary>
    [Id(2)] public required ContentDigest PlanDigest { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(3)] public required RunStatus Status { get; init; }

    /// <summary>Why it is paused or stopped.</summary>
    [Id(4)] public string? Reason { get; init; }

    /// <summary>Rounds committed.</summary>
    [Id(5)] public required int CommittedRounds { get; init; }

    /// <summary>Rounds asked for.</summary>
    [Id(6)] public required int Rounds { get; init; }

    /// <summary>Who submitted it: the subject of the token.</summary>
    [Id(7)] public required string SubmittedBy { get; init; }

    /// <summary>When.</summary>
    [Id(8)] public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>The version with the best validation metric so far, where the plan ends early by one: the one that is downloaded unless another is asked for.</summary>
    [Id(9)] public int? BestVersion { get; init; }
}

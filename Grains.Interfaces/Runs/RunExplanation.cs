using System.Collections.Immutable;

namespace FederatedOrleans.Runs;

/// <summary>Why a run is where it is, for people.</summary>
[GenerateSerializer, Immutable, Alias("fo.RunExplanation")]
public sealed record RunExplanation
{
    /// <summary>One sentence: what the run waits for, and until when at the latest.</summary>
    [Id(0)] public required string Why { get; init; }

    /// <summary>What each hospital of the round under way does, in ordinal order of hospitals.</summary>
    [Id(1)] public ImmutableArray<HospitalExplanation> Hospitals { get; init; } = [];

    /// <summary>What closing the round now would do; absent where no round is under way.</summary>
    [Id(2)] public string? IfClosedNow { get; init; }
}

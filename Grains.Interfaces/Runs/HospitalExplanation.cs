using FederatedOrleans.Rounds;

namespace FederatedOrleans.Runs;

/// <summary>What one hospital does for the round under way.</summary>
[GenerateSerializer, Immutable, Alias("fo.HospitalExplanation")]
public sealed record HospitalExplanation
{
    /// <summary>Hospital id.</summary>
    [Id(0)] public required string Hospital { get; init; }

    /// <summary>What it does, in words.</summary>
    [Id(1)] public required string Doing { get; init; }

    /// <summary>The numbers behind the words, as it last reported them.</summary>
    [Id(2)] public required HospitalActivity Activity { get; init; }

    /// <summary>When it will be done with that at the pace so far; absent where its pace is not known.</summary>
    [Id(3)] public DateTimeOffset? DoneAt { get; init; }
}

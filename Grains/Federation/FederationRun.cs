using FederatedOrleans.Runs;

namespace FederatedOrleans.Federation;

/// <summary>A run on the federation's list, with what it takes to start it.</summary>
[GenerateSerializer, Immutable, Alias("fo.FederationRun")]
public sealed record FederationRun
{
    /// <summary>Run id.</summary>
    [Id(0)] public required string Run { get; init; }

    /// <summary>What it is made of.</summary>
    [Id(1)] public required StartRun Start { get; init; }

    /// <summary>The submission it came from.</summary>
    [Id(2)] public required Guid Submission { get; init; }
}

namespace FederatedOrleans.Runs;

/// <summary>A run with its current round and latest model.</summary>
[GenerateSerializer, Immutable, Alias("fo.RunView")]
public sealed record RunView
{
    /// <summary>The run in one line.</summary>
    [Id(0)] public required RunSummary Summary { get; init; }

    /// <summary>The round under way.</summary>
    [Id(1)] public RoundView? CurrentRound { get; init; }

    /// <summary>The latest committed model.</summary>
    [Id(2)] public ModelVersionView? Latest { get; init; }

    /// <summary>Number of the newest event.</summary>
    [Id(3)] public long LastEvent { get; init; }
}

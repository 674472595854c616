namespace FederatedOrleans.Rounds;

/// <summary>What a coordinator stores.</summary>
[GenerateSerializer, Immutable, Alias("fo.RoundCoordinatorState")]
public sealed record RoundCoordinatorState
{
    /// <summary>The round.</summary>
    [Id(0)] public RoundState Round { get; init; } = RoundState.NotBegun;
}

namespace FederatedOrleans.Plans;

/// <summary>A committed model of another run, which a run starts from.</summary>
public sealed record ModelSource
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The version, 0 to 100,000: the number of the round that committed it. Where absent the latest when the plan is submitted, or the best where that run knows one.</summary>
    public int? Version { get; init; }
}

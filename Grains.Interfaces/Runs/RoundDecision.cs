namespace FederatedOrleans.Runs;

/// <summary>The run's stored decision about an attempt.</summary>
[GenerateSerializer, Alias("fo.RoundDecision")]
public enum RoundDecision
{
    /// <summary>Not decided.</summary>
    Pending = 0,

    /// <summary>Committed.</summary>
    Committed = 1,

    /// <summary>Not committed, and never will be.</summary>
    NotCommitted = 2,
}

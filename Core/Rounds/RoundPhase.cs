namespace FederatedOrleans.Rounds;

/// <summary>Where an attempt at a round stands.</summary>
[GenerateSerializer, Alias("fo.RoundPhase")]
public enum RoundPhase
{
    /// <summary>Not begun.</summary>
    None = 0,

    /// <summary>Hospitals are invited and answer.</summary>
    Selecting = 1,

    /// <summary>Accepted hospitals train and upload.</summary>
    Training = 2,

    /// <summary>The counted set is frozen and being aggregated.</summary>
    Closing = 3,

    /// <summary>The aggregate is stored; the run is asked to commit it.</summary>
    Committing = 4,

    /// <summary>The run is asked to abandon the attempt.</summary>
    Abandoning = 5,

    /// <summary>The run has committed this attempt.</summary>
    Committed = 6,

    /// <summary>The run has decided without this attempt.</summary>
    Abandoned = 7,
}

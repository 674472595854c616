namespace FederatedOrleans.Rounds;

/// <summary>How an event was taken.</summary>
[GenerateSerializer, Alias("fo.RoundVerdict")]
public enum RoundVerdict
{
    /// <summary>It changed the state.</summary>
    Applied = 0,

    /// <summary>It had been applied before: answered alike, changes nothing.</summary>
    Duplicate = 1,

    /// <summary>Its phase is over.</summary>
    Late = 2,

    /// <summary>Its phase has not begun.</summary>
    Early = 3,

    /// <summary>The hospital is not of this attempt.</summary>
    UnknownParticipant = 4,

    /// <summary>It names another attempt.</summary>
    WrongAttempt = 5,

    /// <summary>It names another epoch of the aggregator.</summary>
    WrongEpoch = 6,

    /// <summary>It contradicts what the same hospital has reported, or the frozen set.</summary>
    Conflict = 7,

    /// <summary>Nothing is due.</summary>
    NothingDue = 8,

    /// <summary>It asks for what the rules forbid, as closing below the minimum.</summary>
    Forbidden = 9,
}

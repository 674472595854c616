namespace FederatedOrleans.Rounds;

/// <summary>What one hospital does in an attempt.</summary>
[GenerateSerializer, Alias("fo.ParticipantStatus")]
public enum ParticipantStatus
{
    /// <summary>Invited; no answer yet.</summary>
    Invited = 0,

    /// <summary>Accepted; trains or uploads.</summary>
    Accepted = 1,

    /// <summary>Declined, with a reason.</summary>
    Declined = 2,

    /// <summary>Its update counts in the current epoch.</summary>
    Reported = 3,

    /// <summary>It can't give an update in this attempt: the update was refused, or training failed.</summary>
    Failed = 4,
}

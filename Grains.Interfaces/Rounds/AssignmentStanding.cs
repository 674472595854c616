namespace FederatedOrleans.Rounds;

/// <summary>How it stands with an assignment that was not repeated for long.</summary>
[GenerateSerializer, Alias("fo.AssignmentStanding")]
public enum AssignmentStanding
{
    /// <summary>It is over, and every hospital of it was told.</summary>
    Over = 0,

    /// <summary>It still holds.</summary>
    Wanted = 1,

    /// <summary>Nothing is asked for any more; that it is over has not been told, or is being told.</summary>
    Ending = 2,
}

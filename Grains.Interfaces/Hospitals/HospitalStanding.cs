namespace FederatedOrleans.Hospitals;

/// <summary>A hospital's standing in the federation.</summary>
[GenerateSerializer, Alias("fo.HospitalStanding")]
public enum HospitalStanding
{
    /// <summary>Unknown.</summary>
    None = 0,

    /// <summary>Invited; it has no certificate yet.</summary>
    Invited = 1,

    /// <summary>Enrolled.</summary>
    Enrolled = 2,

    /// <summary>Revoked: nothing it holds is accepted.</summary>
    Revoked = 3,
}

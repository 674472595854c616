namespace FederatedOrleans.Link.Certificates;

/// <summary>Who stands at the other end of the link, as proven by its certificate.</summary>
/// <param name="Name">The name that the authority certified.</param>
/// <param name="PublicKeyFingerprint">The SHA-256 of the SubjectPublicKeyInfo: 64 lower-case hexadecimal digits. It outlives a renewal
/// that keeps the key.</param>
/// <param name="NotBefore">From when the certificate holds.</param>
/// <param name="NotAfter">Until when the certificate holds, not included: the platform's chain ends there too.</param>
public sealed record LinkIdentity(LinkName Name, string PublicKeyFingerprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>The federation's id.</summary>
    public string Federation => Name.Federation;

    /// <summary>The end of the link.</summary>
    public LinkRole Role => Name.Role;

    /// <summary>The hospital's id; null for the Silo.</summary>
    public string? HospitalId => Name.HospitalId;
}

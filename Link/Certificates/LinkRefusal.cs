namespace FederatedOrleans.Link.Certificates;

/// <summary>Why a certificate was refused.</summary>
public enum LinkRefusal
{
    /// <summary>The other end showed no certificate.</summary>
    NoCertificate,

    /// <summary>The pinned authority did not sign it.</summary>
    OtherAuthority,

    /// <summary>Its time, or the authority's, is over.</summary>
    Expired,

    /// <summary>Its time, or the authority's, has not begun.</summary>
    NotYetValid,

    /// <summary>It was not issued for this use: key usage, extended key usage or basic constraints.</summary>
    WrongUsage,

    /// <summary>It names the other end of the link.</summary>
    WrongRole,

    /// <summary>It names another federation.</summary>
    OtherFederation,

    /// <summary>It carries no name of the product, more than one, or a malformed one.</summary>
    NoIdentity,
}

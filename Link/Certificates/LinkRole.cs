namespace FederatedOrleans.Link.Certificates;

/// <summary>Which end of the link a certificate may speak for.</summary>
public enum LinkRole
{
    /// <summary>The operator's end: it listens.</summary>
    Silo,

    /// <summary>A hospital's end: it always dials.</summary>
    Hospital,
}

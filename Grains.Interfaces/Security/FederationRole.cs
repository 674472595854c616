namespace FederatedOrleans.Security;

/// <summary>What the bearer of a token may do.</summary>
[GenerateSerializer, Alias("fo.FederationRole")]
public enum FederationRole
{
    /// <summary>Submits and steers runs, reads models and metrics.</summary>
    Researcher = 1,

    /// <summary>All that a researcher may, and enrols hospitals, revokes certificates and tokens, reads the pages.</summary>
    Operator = 2,
}

namespace FederatedOrleans.Site.Commands;

/// <summary>Exit codes of <c>fed-node</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Refused or failed; the sentences on standard error say why.</summary>
    public const int Failed = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;
}

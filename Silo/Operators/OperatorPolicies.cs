namespace FederatedOrleans.Operators;

/// <summary>Names of the pages' authentication schemes and policies.</summary>
public static class OperatorPolicies
{
    /// <summary>The scheme of the login cookie.</summary>
    public const string CookieScheme = "fed.session";

    /// <summary>The scheme of a token in the Authorization header, for scrapers and scripts.</summary>
    public const string BearerScheme = "fed.bearer";

    /// <summary>Operators and researchers, logged in with a browser.</summary>
    public const string Pages = "fed.pages";

    /// <summary>Operators only, logged in with a browser.</summary>
    public const string OperatorsOnly = "fed.operators-only";

    /// <summary>Operators and researchers, by cookie or by token.</summary>
    public const string Machines = "fed.machines";

    internal const string LoginLimit = "fed.login";
    internal const string OperatorRole = "operator";
    internal const string ResearcherRole = "researcher";
    internal const string SubjectClaim = "sub";
    internal const string RoleClaim = "role";
    internal const string TokenIdClaim = "jti";
    internal const string UntilClaim = "until";
}

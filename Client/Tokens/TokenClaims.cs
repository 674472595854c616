using FederatedOrleans.Security;

namespace FederatedOrleans.Tokens;

/// <summary>The claims of a token and how they are written: one place for the issuer and the verifier.</summary>
internal static class TokenClaims
{
    public const string Role = "role";
    public const string Use = "use";

    public static string Issuer(string federation) => $"fo:{federation}";

    public static string Audience(string federation) => $"fo:{federation}:centre";

    public static string Write(FederationRole role) => role == FederationRole.Operator ? "operator" : "researcher";

    public static string Write(TokenUse use) => use == TokenUse.Login ? "login" : "client";

    public static FederationRole? ReadRole(string? text) => text switch
    {
        "researcher" => FederationRole.Researcher,
        "operator" => FederationRole.Operator,
        _ => null,
    };

    public static TokenUse? ReadUse(string? text) => text switch
    {
        "client" => TokenUse.Client,
        "login" => TokenUse.Login,
        _ => null,
    };
}

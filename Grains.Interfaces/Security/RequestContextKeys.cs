namespace FederatedOrleans.Security;

/// <summary>Names in Orleans' request context.</summary>
public static class RequestContextKeys
{
    /// <summary>The caller's signed token.</summary>
    public const string Token = "fo.token";

    /// <summary>The caller's name, put there by the silo once the token has verified.</summary>
    public const string Subject = "fo.subject";
}

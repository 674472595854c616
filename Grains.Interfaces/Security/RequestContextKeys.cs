namespace FederatedOrleans.Security;

/// <summary>Names in Orleans' request context.</summary>
public static class RequestContextKeys
{
    /// <summary>The caller's signed token.</summary>
    public const string Token = "fo.token";
}

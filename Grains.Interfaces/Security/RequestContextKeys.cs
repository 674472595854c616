namespace FederatedOrleans.Security;

/// <summary>Names in Orleans' request context.</summary>
public static class RequestContextKeys
{
    /// <summary>The caller's signed token; taken out before the grain sees the call.</summary>
    public const string Token = "fo.token";

    /// <summary>The verified subject of the caller's token, put in by the silo; whatever a client put there is overwritten.</summary>
    public const string Subject = "fo.subject";
}

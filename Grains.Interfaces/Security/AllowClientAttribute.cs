namespace FederatedOrleans.Security;

/// <summary>Lets a client outside the cluster call a grain method, with a token of at least this role. Without it, no client may.</summary>
/// <param name="role">The least role.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowClientAttribute(FederationRole role) : Attribute
{
    /// <summary>The least role.</summary>
    public FederationRole Role => role;
}

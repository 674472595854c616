namespace FederatedOrleans.Tokens;

/// <summary>A signed token and what can be said of it without it.</summary>
/// <param name="Token">The token: a secret.</param>
/// <param name="TokenId">Its <c>jti</c>, by which it is revoked.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record IssuedToken(string Token, string TokenId, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"token {TokenId}";
}

using FederatedOrleans.Security;

namespace FederatedOrleans.Tokens;

/// <summary>Who a verified token speaks for.</summary>
/// <param name="Subject">The person's name.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="TokenId">The token's <c>jti</c>, 32 hexadecimal digits: what a revocation names.</param>
/// <param name="Use">What the token is for.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record TokenIdentity(string Subject, FederationRole Role, string TokenId, TokenUse Use, DateTimeOffset ExpiresAt);

using FederatedOrleans.Security;

namespace FederatedOrleans.Tokens;

/// <summary>A token to be issued.</summary>
public sealed record TokenRequest
{
    /// <summary>The person's name, 1 to 100 characters without control characters.</summary>
    public required string Subject { get; init; }

    /// <summary>What the person may do.</summary>
    public required FederationRole Role { get; init; }

    /// <summary>What the token is for; <see cref="TokenUse.Client"/> by default.</summary>
    public TokenUse Use { get; init; } = TokenUse.Client;

    /// <summary>How long it is good for: 30 days by default, at most 366; a login link 10 minutes by default, at most 1 day.</summary>
    public TimeSpan? Lifetime { get; init; }
}

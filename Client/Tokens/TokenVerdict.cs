using System.Diagnostics.CodeAnalysis;

namespace FederatedOrleans.Tokens;

/// <summary>A verified identity, or why there is none. Exactly one of the two.</summary>
public sealed record TokenVerdict
{
    private TokenVerdict(TokenIdentity? identity, string? refusal) => (Identity, Refusal) = (identity, refusal);

    /// <summary>Whether the token is accepted.</summary>
    [MemberNotNullWhen(true, nameof(Identity)), MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Identity is not null;

    /// <summary>Who the token speaks for.</summary>
    public TokenIdentity? Identity { get; }

    /// <summary>One sentence that says what is wrong and what to do; it never holds the token.</summary>
    public string? Refusal { get; }

    /// <summary>An accepted token.</summary>
    public static TokenVerdict Accepted(TokenIdentity identity) => new(identity, null);

    /// <summary>A refused token.</summary>
    public static TokenVerdict Refused(string refusal) => new(null, refusal);
}

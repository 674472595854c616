namespace FederatedOrleans.Operators;

/// <summary>What a verified token says of its bearer.</summary>
public sealed record OperatorLogin
{
    /// <summary>Who it is.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether the role is operator; otherwise researcher.</summary>
    public required bool IsOperator { get; init; }

    /// <summary>The token's <c>jti</c>.</summary>
    public required string TokenId { get; init; }

    /// <summary>When the token expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it is a login link, which works once.</summary>
    public bool IsOneTimeLink { get; init; }
}

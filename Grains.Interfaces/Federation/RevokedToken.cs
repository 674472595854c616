namespace FederatedOrleans.Federation;

/// <summary>A token that is not accepted any more.</summary>
/// <param name="TokenId">Its <c>jti</c>.</param>
/// <param name="ExpiresAt">When it would have expired: the entry is kept until then.</param>
[GenerateSerializer, Immutable, Alias("fo.RevokedToken")]
public sealed record RevokedToken([property: Id(0)] string TokenId, [property: Id(1)] DateTimeOffset ExpiresAt);

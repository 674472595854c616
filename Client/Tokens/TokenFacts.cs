using System.Diagnostics.CodeAnalysis;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FederatedOrleans.Tokens;

/// <summary>What a token says of itself, unverified: enough to name it in a revocation.</summary>
/// <param name="TokenId">Its <c>jti</c>.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record TokenFacts(string TokenId, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads them from a token; false for anything else.</summary>
    public static bool TryRead(string token, [NotNullWhen(true)] out TokenFacts? facts)
    {
        facts = null;
        try
        {
            var jwt = new JsonWebToken(token.Trim());
            if (jwt.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Jti, out var id)
                && jwt.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out var seconds)
                && IsTokenId(id)
                && seconds is > 0 and < 253_402_300_800)
            {
                facts = new(id, DateTimeOffset.FromUnixTimeSeconds(seconds));
            }
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException or System.Text.Json.JsonException)
        {
            // Not a token: the answer says so.
        }

        return facts is not null;
    }

    /// <summary>Whether a text is the id of a token: 32 lower-case hexadecimal digits.</summary>
    public static bool IsTokenId(string? text) => text is { Length: 32 } && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;
}

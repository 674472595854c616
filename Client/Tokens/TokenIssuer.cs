using System.Security.Cryptography;
using FederatedOrleans.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FederatedOrleans.Tokens;

/// <summary>Issues the tokens of one federation: JWT signed with ES256.</summary>
public sealed class TokenIssuer
{
    /// <summary>The longest a token may live.</summary>
    public static readonly TimeSpan MaximumLifetime = TimeSpan.FromDays(366);

    /// <summary>The longest a login link may live.</summary>
    public static readonly TimeSpan MaximumLoginLifetime = TimeSpan.FromDays(1);

    private readonly TokenKey _key;
    private readonly string _federation;
    private readonly TimeProvider _time;
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>An issuer for a federation.</summary>
    /// <exception cref="FederationException">The federation's id is malformed.</exception>
    public TokenIssuer(TokenKey key, string federation, TimeProvider time)
    {
        if (!Identifier.IsValid(federation))
        {
            throw new FederationException($"The federation's id must be {Identifier.Rule}.");
        }

        (_key, _federation, _time) = (key, federation, time);
    }

    /// <summary>Issues a token.</summary>
    /// <exception cref="FederationException">The subject or the lifetime is out of bounds.</exception>
    public IssuedToken Issue(TokenRequest request)
    {
        if (request.Subject is not { Length: >= 1 and <= 100 } || request.Subject.Any(char.IsControl) || string.IsNullOrWhiteSpace(request.Subject))
        {
            throw new FederationException("The subject must be a name of 1 to 100 characters without control characters.");
        }

        var login = request.Use == TokenUse.Login;
        var maximum = login ? MaximumLoginLifetime : MaximumLifetime;
        var lifetime = request.Lifetime ?? (login ? TimeSpan.FromMinutes(10) : TimeSpan.FromDays(30));
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > maximum)
        {
            throw new FederationException(
                $"A {(login ? "login link" : "token")} lives at least a second and at most {(login ? "a day" : "366 days")}.");
        }

        // Whole seconds, as in the token itself.
        var now = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TokenClaims.Issuer(_federation),
            Audience = TokenClaims.Audience(_federation),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = _key.Credentials,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = request.Subject,
                [JwtRegisteredClaimNames.Jti] = id,
                [TokenClaims.Role] = TokenClaims.Write(request.Role),
                [TokenClaims.Use] = TokenClaims.Write(request.Use),
            },
        });
        return new(token, id, expires);
    }
}

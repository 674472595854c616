using System.Security.Cryptography;
using FederatedOrleans.Identity;
using FederatedOrleans.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FederatedOrleans.Tokens;

/// <summary>Verifies the tokens of one federation with its public key. Junk is refused, never thrown at.</summary>
public sealed class TokenVerifier : IDisposable
{
    /// <summary>How far the clocks of the issuer and the centre may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const int MaximumLength = 4096;

    private readonly string _federation;
    private readonly TimeProvider _time;
    private readonly ECDsa _key;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;

    /// <summary>A verifier for a federation.</summary>
    /// <param name="publicPem">The public key, PEM text of <see cref="TokenKey.PublicFileName"/>.</param>
    /// <param name="federation">The federation's id.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FederationException">The text holds no P-256 public key, or the id is malformed.</exception>
    public TokenVerifier(string publicPem, string federation, TimeProvider time)
    {
        if (!Identifier.IsValid(federation))
        {
            throw new FederationException($"The federation's id must be {Identifier.Rule}.");
        }

        try
        {
            _key = TokenKey.Import(publicPem);
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            throw new FederationException($"The key for tokens is no public key of the curve P-256 as PEM ({TokenKey.PublicFileName}).", failure);
        }

        (_federation, _time) = (federation, time);
        _parameters = new TokenValidationParameters
        {
            IssuerSigningKey = new ECDsaSecurityKey(_key)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RequireSignedTokens = true,
            ValidIssuer = TokenClaims.Issuer(federation),
            ValidAudience = TokenClaims.Audience(federation),

            // Times are checked below, against the injected clock.
            ValidateLifetime = false,
            RequireExpirationTime = true,
        };
    }

    /// <summary>A verifier with the public key of a file.</summary>
    /// <exception cref="FederationException">The file can't be read or holds no such key.</exception>
    public static TokenVerifier Load(string publicKeyFile, string federation, TimeProvider time)
    {
        try
        {
            return new(File.ReadAllText(publicKeyFile), federation, time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FederationException(
                $"The public key for tokens can't be read from {publicKeyFile}: 'fed token init' makes it.", failure);
        }
    }

    /// <summary>Verifies a token. Whether it is revoked, or a login link that was used before, is not known here.</summary>
    /// <param name="token">The text as it came.</param>
    /// <param name="use">The use that is asked of it; either where absent.</param>
    /// <param name="leastRole">The role that is asked of it.</param>
    public async Task<TokenVerdict> VerifyAsync(string? token, TokenUse? use, FederationRole leastRole)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return TokenVerdict.Refused("The request carries no token: ask the federation's operator for one ('fed token issue').");
        }

        if (token.Length > MaximumLength)
        {
            return Unreadable;
        }

        TokenValidationResult result;
        try
        {
            result = await _handler.ValidateTokenAsync(token, _parameters);
        }
#pragma warning disable CA1031 // Whatever junk does to the parser, it is refused junk.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Unreadable;
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken jwt }
            ? Judge(jwt, use, leastRole)
            : TokenVerdict.Refused(Explain(result.Exception));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static TokenVerdict Unreadable { get; } =
        TokenVerdict.Refused("The token is not readable: send it exactly as 'fed token issue' gave it.");

    private TokenVerdict Judge(JsonWebToken jwt, TokenUse? use, FederationRole leastRole)
    {
        var (subject, id) = (Text(jwt, JwtRegisteredClaimNames.Sub), Text(jwt, JwtRegisteredClaimNames.Jti));
        if (subject is not { Length: >= 1 and <= 100 }
            || id is not { Length: 32 }
            || TokenClaims.ReadRole(Text(jwt, TokenClaims.Role)) is not { } role
            || TokenClaims.ReadUse(Text(jwt, TokenClaims.Use)) is not { } tokenUse
            || Instant(jwt, JwtRegisteredClaimNames.Exp) is not { } expires
            || Instant(jwt, JwtRegisteredClaimNames.Nbf) is not { } notBefore
            || Instant(jwt, JwtRegisteredClaimNames.Iat) is not { } issued)
        {
            return TokenVerdict.Refused("The token lacks what every token of this federation has: ask the operator for a new one.");
        }

        var now = _time.GetUtcNow();
        if (now >= expires + ClockSkew)
        {
            return TokenVerdict.Refused($"The token expired at {expires:yyyy-MM-dd HH:mm:ss}Z: ask the operator for a new one.");
        }

        if (now < notBefore - ClockSkew || now < issued - ClockSkew)
        {
            return TokenVerdict.Refused($"The token is good only from {notBefore:yyyy-MM-dd HH:mm:ss}Z: check the clocks.");
        }

        if (expires - issued > TokenIssuer.MaximumLifetime)
        {
            return TokenVerdict.Refused("The token lives longer than the 366 days that are allowed: ask the operator for a new one.");
        }

        if (use is not null && tokenUse != use)
        {
            return TokenVerdict.Refused(use == TokenUse.Client
                ? "This is a login link's token, which opens the operator pages only: use one of 'fed token issue'."
                : "This is a client's token, which opens no pages: use the link of 'fed login-link'.");
        }

        return role >= leastRole
            ? TokenVerdict.Accepted(new(subject, role, id, tokenUse, expires))
            : TokenVerdict.Refused(
                $"The token is a {TokenClaims.Write(role)}'s, and this needs the role {TokenClaims.Write(leastRole)}: ask the operator.");
    }

    private string Explain(Exception? failure) => failure switch
    {
        SecurityTokenInvalidIssuerException or SecurityTokenInvalidAudienceException =>
            $"The token belongs to another federation or another service, not to the centre of '{_federation}'.",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
            "The token is not signed with this federation's key: ask its operator for one.",
        _ => Unreadable.Refusal!,
    };

    private static string? Text(JsonWebToken jwt, string claim) => jwt.TryGetPayloadValue<string>(claim, out var value) ? value : null;

    private static DateTimeOffset? Instant(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue<long>(claim, out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace FederatedOrleans.Operators;

/// <summary>Reads a token from the Authorization header, for scrapers and scripts. Login links are not accepted.</summary>
internal sealed class BearerTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IOperatorTokenVerifier verifier,
    RevokedTokens revoked,
    OperatorSessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var login = await verifier.VerifyAsync(header[Prefix.Length..].Trim(), Context.RequestAborted);
        return login is null or { IsOneTimeLink: true } || await revoked.IsRevokedAsync(login.TokenId, Context.RequestAborted)
            ? AuthenticateResult.Fail("The token does not hold.")
            : AuthenticateResult.Success(new(sessions.Begin(login, Scheme.Name), Scheme.Name));
    }
}

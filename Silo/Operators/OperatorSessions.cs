using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace FederatedOrleans.Operators;

/// <summary>What a login cookie holds, how long it holds, and what happens without one.</summary>
internal sealed class OperatorSessions(RevokedTokens revoked, IOptions<OperatorPagesOptions> options, TimeProvider time)
    : CookieAuthenticationEvents
{
    /// <summary>The session of a verified bearer.</summary>
    public ClaimsPrincipal Begin(OperatorLogin login, string scheme)
    {
        // A login link lives for minutes; the session it opens has its own end.
        var longest = time.GetUtcNow() + options.Value.LongestSession;
        var until = login.IsOneTimeLink || login.ExpiresAt > longest ? longest : login.ExpiresAt;
        var identity = new ClaimsIdentity(scheme, OperatorPolicies.SubjectClaim, OperatorPolicies.RoleClaim);
        identity.AddClaim(new(OperatorPolicies.SubjectClaim, login.Subject));
        identity.AddClaim(new(OperatorPolicies.RoleClaim, login.IsOperator ? OperatorPolicies.OperatorRole : OperatorPolicies.ResearcherRole));
        identity.AddClaim(new(OperatorPolicies.UntilClaim, until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        if (!login.IsOneTimeLink)
        {
            identity.AddClaim(new(OperatorPolicies.TokenIdClaim, login.TokenId));
        }

        return new(identity);
    }

    /// <inheritdoc/>
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var user = context.Principal;
        var holds = long.TryParse(user?.FindFirst(OperatorPolicies.UntilClaim)?.Value, CultureInfo.InvariantCulture, out var until)
            && time.GetUtcNow().ToUnixTimeSeconds() < until
            && (user!.FindFirst(OperatorPolicies.TokenIdClaim) is not { } token
                || !await revoked.IsRevokedAsync(token.Value, context.HttpContext.RequestAborted));
        if (!holds)
        {
            context.RejectPrincipal();
        }
    }

    /// <inheritdoc/>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<OperatorPage>() is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

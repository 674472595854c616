using FederatedOrleans.Federation;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace FederatedOrleans.Operators;

/// <summary>Logging in and out.</summary>
internal static class LoginEndpoints
{
    private const int LargestForm = 16 * 1024;
    private const int LargestToken = 8 * 1024;
    private const string Refused = "That token is not valid here. It may have expired or been revoked.";
    private const string LinkRefused = "That login link has been used, or has expired. Ask for a new one.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void MapLogin(this RouteGroupBuilder group)
    {
        group.MapGet("/login", Show).AllowAnonymous();
        group.MapPost("/login", LogInAsync).AllowAnonymous()
            .RequireRateLimiting(OperatorPolicies.LoginLimit)
            .WithMetadata(new RequestSizeLimitAttribute(LargestForm));
        group.MapPost("/logout", LogOutAsync).AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(LargestForm));
    }

    // Opening a link changes nothing, since mail scanners and browsers open links ahead; the button on the page uses it.
    private static IResult Show(HttpContext context, IAntiforgery antiforgery, string? link, string? returnUrl) =>
        string.IsNullOrEmpty(link)
            ? LoginPage.Form(antiforgery.GetAndStoreTokens(context), Local(returnUrl), null).ToResult()
            : LoginPage.Link(antiforgery.GetAndStoreTokens(context), link).ToResult();

    private static async Task<IResult> LogInAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        IOperatorTokenVerifier verifier,
        RevokedTokens revoked,
        OperatorSessions sessions,
        IGrainFactory grains,
        TimeProvider time,
        ILogger<OperatorSessions> logger,
        CancellationToken cancellationToken)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            return LoginPage.Form(antiforgery.GetAndStoreTokens(context), "/", "The form was too old. Please try again.")
                .ToResult(StatusCodes.Status400BadRequest);
        }

        var form = await context.Request.ReadFormAsync(cancellationToken);
        var (token, link, returnUrl) = (form["token"].ToString().Trim(), form["link"].ToString(), Local(form["returnUrl"]));
        var byLink = link.Length > 0;
        var text = byLink ? link : token;
        var login = text.Length is > 0 and <= LargestToken ? await verifier.VerifyAsync(text, cancellationToken) : null;

        // A token that stays valid must not travel in an address, so the link's form takes one-time links only.
        if (login is null || (byLink && !login.IsOneTimeLink) || !await UseAsync(login))
        {
            OperatorLog.LoginRefused(logger, byLink);
            return LoginPage.Form(antiforgery.GetAndStoreTokens(context), returnUrl, byLink ? LinkRefused : Refused)
                .ToResult(StatusCodes.Status401Unauthorized);
        }

        await context.SignInAsync(OperatorPolicies.CookieScheme, sessions.Begin(login, OperatorPolicies.CookieScheme));
        OperatorLog.LoggedIn(logger, login.Subject, login.IsOperator);
        return TypedResults.LocalRedirect(returnUrl);

        async Task<bool> UseAsync(OperatorLogin bearer) => bearer.IsOneTimeLink
            ? await grains.Grain<IFederationGrain>(GrainKeys.Federation)
                .UseLoginLinkAsync(new(bearer.TokenId, bearer.ExpiresAt), cancellationToken).WaitAsync(Patience, time, cancellationToken)
            : !await revoked.IsRevokedAsync(bearer.TokenId, cancellationToken);
    }

    private static async Task<IResult> LogOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        // The form's token is bound to the one who was logged in when it was made.
        if (await context.AuthenticateAsync(OperatorPolicies.CookieScheme) is { Succeeded: true, Principal: { } user })
        {
            context.User = user;
            if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
            {
                return TypedResults.BadRequest();
            }
        }

        await context.SignOutAsync(OperatorPolicies.CookieScheme);
        return TypedResults.LocalRedirect("/login");
    }

    private static string Local(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.AsSpan().ContainsAnyInRange('\0', '\x1f') ? path : "/";
}

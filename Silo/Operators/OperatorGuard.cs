using System.Net;
using Microsoft.Extensions.Options;

namespace FederatedOrleans.Operators;

/// <summary>Refuses foreign Host headers on the operator's endpoints (DNS rebinding) and sets the headers that keep browsers strict.</summary>
internal sealed class OperatorGuard(RequestDelegate next, IOptions<OperatorPagesOptions> options)
{
    private const string OwnPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    // The dashboard's own script sets style attributes, and its style sheet holds data: images.
    private const string DashboardPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private readonly HashSet<string> _hosts = new(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    // An address has more than one spelling, and in a request that of IPv6 is in brackets.
    private readonly HashSet<IPAddress> _addresses =
        [.. options.Value.AllowedHosts.Select(host => IPAddress.TryParse(host, out var address) ? address : null).OfType<IPAddress>()];

    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<OperatorEndpoint>() is null)
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(OperatorPages.DashboardPath, StringComparison.OrdinalIgnoreCase)
            ? DashboardPolicy
            : OwnPolicy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";

        if (metadata.GetMetadata<AnyHostAllowed>() is null && !Accepts(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                "This address is not one by which these pages are served. The operator can name it in the Silo's configuration: web.allowedHosts.",
                context.RequestAborted);
        }

        return next(context);
    }

    private bool Accepts(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && (IPAddress.IsLoopback(address) || _addresses.Contains(address)))
        || _hosts.Contains(host);
}

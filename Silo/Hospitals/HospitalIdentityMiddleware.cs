using FederatedOrleans.Link.Certificates;
using Microsoft.AspNetCore.Connections.Features;

namespace FederatedOrleans.Hospitals;

/// <summary>Lets a request of the link pass only for an enrolled, unrevoked key. Revocation works from the next request on.</summary>
internal sealed class HospitalIdentityMiddleware(RequestDelegate next, LinkCertificateValidator validator, IGrainFactory grains)
{
    private static readonly object Verdict = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var identity = IdentityOf(context);
        if (identity is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var hospital = grains.Grain<IHospitalGrain>(GrainKeys.Hospital(identity.HospitalId!));
        if (!await hospital.IsAdmittedAsync(identity.PublicKeyFingerprint, context.RequestAborted))
        {
            // The certificate is genuine, but its key was never admitted here or is revoked.
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("This key is not admitted to the federation.", context.RequestAborted);
            return;
        }

        HospitalIdentity.Set(context, identity);
        await next(context);
    }

    /// <summary>The chain was checked in the handshake; who it is is worked out once a connection.</summary>
    private LinkIdentity? IdentityOf(HttpContext context)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is not null && items.TryGetValue(Verdict, out var known))
        {
            return (known as LinkVerdict)?.Identity;
        }

        var verdict = validator.Validate(context.Connection.ClientCertificate);
        if (items is not null)
        {
            items[Verdict] = verdict;
        }

        return verdict.Identity;
    }
}

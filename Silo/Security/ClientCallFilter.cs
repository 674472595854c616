using System.Collections.Concurrent;
using System.Reflection;
using FederatedOrleans.Tokens;
using Orleans.Runtime;

namespace FederatedOrleans.Security;

/// <summary>
/// Lets clients outside the cluster call only what carries <see cref="AllowClientAttribute"/>, with a good token of that role.
/// Calls among grains, and of the silos' own clients, pass.
/// </summary>
/// <remarks>
/// Orleans' senders name themselves, so this is a policy among programs that keep to the protocol: the gateway's port must not be reachable
/// from outside the operator's network.
/// </remarks>
internal sealed partial class ClientCallFilter(
    TokenVerifier verifier, RevokedTokenCache revoked, SiloClients siloClients, ILogger<ClientCallFilter> logger) : IIncomingGrainCallFilter
{
    // Internal to Orleans. Every client asks for the manifest before its first call, and cancels its own calls by the extension.
    private const string ClusterManifest = "Orleans.Runtime.IClusterManifestSystemTarget";
    private const string Cancellation = "Orleans.Runtime.IGrainCallCancellationExtension";

    private readonly ConcurrentDictionary<MethodInfo, FederationRole?> _roles = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is { } source && (!source.IsClient() || siloClients.Contains(source)))
        {
            await context.Invoke();
            return;
        }

        var token = RequestContext.Get(RequestContextKeys.Token) as string;
        RequestContext.Remove(RequestContextKeys.Token);
        RequestContext.Remove(RequestContextKeys.Subject);

        var method = context.InterfaceMethod;
        if (IsClientsProtocol(context, method?.DeclaringType))
        {
            await context.Invoke();
            return;
        }

        if (method is null || _roles.GetOrAdd(method, AllowedRole) is not { } role)
        {
            throw Deny(context, "Clients may not call this: use the commands of 'fed' or the FederationClient library.", null);
        }

        var verdict = await verifier.VerifyAsync(token, TokenUse.Client, role);
        if (!verdict.IsAccepted)
        {
            throw Deny(context, verdict.Refusal, null);
        }

        switch (await revoked.IsRevokedAsync(verdict.Identity.TokenId))
        {
            case true:
                throw Deny(context, "The token is revoked: ask the federation's operator for a new one.", verdict.Identity.TokenId);
            case null:
                throw Deny(
                    context, "The centre can't tell now whether the token is revoked: try again in some seconds.", verdict.Identity.TokenId);
            default:
                RequestContext.Set(RequestContextKeys.Subject, verdict.Identity.Subject);
                await context.Invoke();
                break;
        }
    }

    /// <summary>The least role that may call a method; null for a method that no client may call.</summary>
    internal static FederationRole? AllowedRole(MethodInfo method) =>
        method.DeclaringType is { IsInterface: true } ? method.GetCustomAttribute<AllowClientAttribute>(inherit: false)?.Role : null;

    private static bool IsClientsProtocol(IIncomingGrainCallContext context, Type? owner) =>
        owner is not null && owner.Assembly == typeof(IManagementGrain).Assembly && owner.FullName switch
        {
            ClusterManifest => true,
            Cancellation => context.Request.GetArgumentCount() > 0
                && context.Request.GetArgument(0) is GrainId sender && sender == context.SourceId,
            _ => false,
        };

    private UnauthorizedAccessException Deny(IIncomingGrainCallContext context, string refusal, string? tokenId)
    {
        LogDenied(context.InterfaceName, context.MethodName, context.SourceId?.ToString() ?? "unknown", tokenId ?? "-", refusal);
        return new(refusal);
    }
}

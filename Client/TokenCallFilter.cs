using FederatedOrleans.Security;
using Orleans.Runtime;

namespace FederatedOrleans.Client;

/// <summary>Attaches the token to every call of one client.</summary>
internal sealed class TokenCallFilter(string token) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(RequestContextKeys.Token, token);
        await context.Invoke();
    }
}

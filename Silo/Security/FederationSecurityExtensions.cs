using FederatedOrleans.Federation;
using FederatedOrleans.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FederatedOrleans.Security;

/// <summary>Guards a silo's gateway.</summary>
internal static class FederationSecurityExtensions
{
    /// <summary>
    /// Registers the filter for clients' calls, and the verifier for the operator pages' login.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="verifier">Makes the verifier, with the federation's id and public key.</param>
    public static ISiloBuilder AddFederationSecurity(this ISiloBuilder silo, Func<IServiceProvider, TokenVerifier> verifier)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(verifier);
        silo.Services.AddSingleton<SiloClients>();
        silo.Services.AddSingleton(services => new RevokedTokenCache(
            () => services.GetRequiredService<IGrainFactory>().GetGrain<IFederationGrain>(GrainKeys.Federation).RevokedTokensAsync(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RevokedTokenCache>>()));
        return silo.AddIncomingGrainCallFilter<ClientCallFilter>();
    }
}

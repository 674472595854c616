using FederatedOrleans.Security;
using FederatedOrleans.Tokens;

namespace FederatedOrleans.Operators;

/// <summary>Logs people in with the federation's signed tokens.</summary>
internal sealed class TokenLoginVerifier(TokenVerifier verifier) : IOperatorTokenVerifier
{
    public async ValueTask<OperatorLogin?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var verdict = await verifier.VerifyAsync(token, use: null, FederationRole.Researcher);
        return verdict.Identity is { } identity
            ? new OperatorLogin
            {
                Subject = identity.Subject,
                IsOperator = identity.Role == FederationRole.Operator,
                TokenId = identity.TokenId,
                ExpiresAt = identity.ExpiresAt,
                IsOneTimeLink = identity.Use == TokenUse.Login,
            }
            : null;
    }
}

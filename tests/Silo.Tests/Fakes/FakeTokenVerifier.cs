namespace FederatedOrleans.Operators.Fakes;

/// <summary>Tokens in plain words: <c>operator:name:id</c>, <c>researcher:name:id</c>, <c>link:name:id</c>.</summary>
public sealed class FakeTokenVerifier(TimeProvider time) : IOperatorTokenVerifier
{
    public ValueTask<OperatorLogin?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        ValueTask.FromResult(token.Split(':') is [("operator" or "researcher" or "link") and var kind, var subject, var id]
            ? new OperatorLogin
            {
                Subject = subject,
                IsOperator = kind != "researcher",
                TokenId = id,
                ExpiresAt = time.GetUtcNow() + TimeSpan.FromMinutes(10),
                IsOneTimeLink = kind == "link",
            }
            : null);
}

namespace FederatedOrleans.Operators;

/// <summary>Checks tokens that people log in with.</summary>
public interface IOperatorTokenVerifier
{
    /// <summary>Who the bearer is; null where the signature, issuer, audience or expiry does not hold. Must not throw on any text.</summary>
    /// <remarks>The used-up state of one-time links and later revocation are looked after by the pages.</remarks>
    /// <param name="token">The text as it came.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    ValueTask<OperatorLogin?> VerifyAsync(string token, CancellationToken cancellationToken);
}

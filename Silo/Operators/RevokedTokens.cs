using FederatedOrleans.Federation;

namespace FederatedOrleans.Operators;

/// <summary>Whether a token was revoked after it had been used to log in; asks the federation at most every few seconds.</summary>
/// <remarks>Where the federation does not answer, the last known list holds; before the first answer every token counts as revoked.</remarks>
internal sealed partial class RevokedTokens(IGrainFactory grains, TimeProvider time, ILogger<RevokedTokens> logger) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private volatile HashSet<string>? _revoked;
    private long _askedAt;

    public async ValueTask<bool> IsRevokedAsync(string tokenId, CancellationToken cancellationToken)
    {
        if (_revoked is null || time.GetElapsedTime(Interlocked.Read(ref _askedAt)) > Freshness)
        {
            await RefreshAsync(cancellationToken);
        }

        return _revoked is not { } revoked || revoked.Contains(tokenId);
    }

    public void Dispose() => _asking.Dispose();

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_revoked is not null && time.GetElapsedTime(Interlocked.Read(ref _askedAt)) <= Freshness)
            {
                return;
            }

            var tokens = await grains.Grain<IFederationGrain>(GrainKeys.Federation)
                .RevokedTokensAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            _revoked = tokens.Select(token => token.TokenId).ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnanswered(exception);
        }
        finally
        {
            Interlocked.Exchange(ref _askedAt, time.GetTimestamp());
            _asking.Release();
        }
    }

    [LoggerMessage(5004, LogLevel.Warning, "The list of revoked tokens could not be read; the last known one holds")]
    private partial void LogUnanswered(Exception exception);
}

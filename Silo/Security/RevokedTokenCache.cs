using System.Collections.Frozen;
using System.Collections.Immutable;
using FederatedOrleans.Federation;

namespace FederatedOrleans.Security;

/// <summary>The revoked tokens as the federation grain had them some seconds ago.</summary>
/// <remarks>
/// Read anew at most every 5 s. Before the first reading nobody is let in; a grain that does not answer later costs each call at most 2 s,
/// and the last reading counts for another minute.
/// </remarks>
internal sealed partial class RevokedTokenCache(
    Func<Task<ImmutableArray<RevokedToken>>> read, TimeProvider time, ILogger<RevokedTokenCache> logger)
{
    internal static readonly TimeSpan RefreshAfter = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan UsableFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NextWait = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Reading? _reading;
    private Task<Reading?>? _refresh;

    /// <summary>Whether a token is revoked; null where that can't be told now.</summary>
    public async Task<bool?> IsRevokedAsync(string tokenId)
    {
        var reading = Volatile.Read(ref _reading);
        if (reading is null || time.GetElapsedTime(reading.At) >= RefreshAfter)
        {
            reading = await RefreshedAsync(reading);
        }

        return reading is null || time.GetElapsedTime(reading.At) >= UsableFor ? null : reading.Tokens.Contains(tokenId);
    }

    private async Task<Reading?> RefreshedAsync(Reading? old)
    {
        Task<Reading?> refresh;
        lock (_lock)
        {
            // Off the caller's turn: the call must be the silo's own, whichever grain is being called.
            refresh = _refresh ??= Task.Run(ReadAsync);
        }

        try
        {
            return await refresh.WaitAsync(old is null ? FirstWait : NextWait) ?? old;
        }
        catch (TimeoutException)
        {
            return old;
        }
    }

    private async Task<Reading?> ReadAsync()
    {
        Reading? reading = null;
        try
        {
            // The age counts from before the question: what is revoked meanwhile may be missing in the answer.
            var at = time.GetTimestamp();
            var tokens = await read();
            reading = new(at, tokens.Select(token => token.TokenId).ToFrozenSet(StringComparer.Ordinal));
            Volatile.Write(ref _reading, reading);
        }
#pragma warning disable CA1031 // Whatever is wrong with the federation grain, calls are refused and the next one asks again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogUnreadable(failure);
        }
        finally
        {
            lock (_lock)
            {
                _refresh = null;
            }
        }

        return reading;
    }

    private sealed record Reading(long At, FrozenSet<string> Tokens);
}

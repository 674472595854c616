namespace FederatedOrleans.Site.Availability;

/// <summary>Whether the network is paid by what is sent, as NetworkManager says. Where there is no NetworkManager, it is not.</summary>
/// <remarks>Asked at most every <see cref="Interval"/>, and but for the first time in the background: an answer may take a while.</remarks>
internal sealed class MeteredProbe(Func<CancellationToken, Task<string?>> ask, TimeProvider time) : ILimitProbe
{
    /// <summary>How old an answer may be: 10 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private Task<string?>? _asking;
    private long _askedAt;
    private string? _answer;

    public async ValueTask<string?> BrokenAsync(CancellationToken cancellationToken)
    {
        if (_asking is null)
        {
            Ask();
            _answer = await _asking!.WaitAsync(cancellationToken);
        }
        else if (_asking.IsCompleted)
        {
            _answer = await _asking;
            if (time.GetElapsedTime(_askedAt) >= Interval)
            {
                Ask();
            }
        }

        return IsMetered(_answer) ? "the network is a metered one" : null;
    }

    private void Ask() => (_askedAt, _asking) = (time.GetTimestamp(), ask(CancellationToken.None));

    // GENERAL.METERED:yes, or "yes (guessed)"; one line a device.
    private static bool IsMetered(string? answer) =>
        answer?.Split('\n').Any(line => line.StartsWith("GENERAL.METERED:yes", StringComparison.OrdinalIgnoreCase)) ?? false;
}

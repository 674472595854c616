using FederatedOrleans.Transfers;

namespace FederatedOrleans.Link.Transfers;

/// <summary>Lets no more than so many bytes a second pass, over all transfers that share it. Safe for concurrent use.</summary>
/// <remarks>Whoever has passed bytes waits before the next, so that the connection itself holds the other end back.</remarks>
public sealed class BytePacer
{
    private readonly Lock _guard = new();
    private readonly ByteRate _rate;
    private readonly TimeProvider _time;
    private readonly long _began;

    /// <summary>A pacer.</summary>
    /// <param name="bytesPerSecond">Most bytes a second, at least 1.</param>
    /// <param name="time">The clock.</param>
    public BytePacer(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        ArgumentNullException.ThrowIfNull(time);
        (_rate, _time, _began) = (new ByteRate(bytesPerSecond), time, time.GetTimestamp());
    }

    /// <summary>Most bytes to pass at a time: so many pieces a second move that no transfer looks idle.</summary>
    public int PieceBytes => _rate.PieceBytes;

    /// <summary>Waits for as long as these bytes take.</summary>
    /// <param name="bytes">How many have passed: at most <see cref="PieceBytes"/>, else the wait is longer than a part of a second.</param>
    /// <param name="cancellationToken">Ends the wait; the bytes count all the same.</param>
    public async ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_guard)
        {
            wait = _rate.Take(bytes, _time.GetElapsedTime(_began));
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, cancellationToken);
        }
    }
}

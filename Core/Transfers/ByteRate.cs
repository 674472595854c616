namespace FederatedOrleans.Transfers;

/// <summary>How long bytes have to wait so that no more than so many a second pass. Not safe for concurrent use.</summary>
/// <remarks>
/// A token bucket told by the time at which it will be level again: a quarter of a second's worth may pass at once after a pause, and what
/// passes before its time is waited for after it. There is no queue: whoever waits holds its own place.
/// </remarks>
/// <param name="bytesPerSecond">Most bytes a second, at least 1.</param>
public sealed class ByteRate(long bytesPerSecond)
{
    private const int PiecesPerSecond = 8;
    private const int SmallestPiece = 512;
    private const int LargestPiece = 64 * 1024;
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    private TimeSpan _level = TimeSpan.MinValue;

    /// <summary>Most bytes to take at a time, so that transfers move several times a second: 512 to 65,536.</summary>
    public int PieceBytes { get; } = (int)Math.Clamp(bytesPerSecond / PiecesPerSecond, SmallestPiece, LargestPiece);

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="now">The time, from any fixed moment on; it never goes back.</param>
    /// <returns>How long to wait after them before the next; zero where they are within the burst.</returns>
    public TimeSpan Take(int bytes, TimeSpan now)
    {
        var earliest = now - Burst;
        _level = (_level > earliest ? _level : earliest) + TimeSpan.FromSeconds(bytes / (double)bytesPerSecond);
        return _level > now ? _level - now : TimeSpan.Zero;
    }
}

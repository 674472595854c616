using System.Security.Cryptography;

namespace FederatedOrleans.Site.Participants;

/// <summary>Growing pauses between attempts to reach the centre, jittered so that hospitals do not come back all at once.</summary>
internal sealed class BackOff(TimeSpan longest)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private TimeSpan _next = Shortest;

    /// <summary>The pause to make now: between half and all of a bound that doubles from 250 ms.</summary>
    public TimeSpan Next()
    {
        var bound = _next;
        _next = bound * 2 < longest ? bound * 2 : longest;
        return bound * (0.5 + (RandomNumberGenerator.GetInt32(1001) / 2000.0));
    }

    /// <summary>The centre was reached: begin anew.</summary>
    public void Reset() => _next = Shortest;
}

using FederatedOrleans.Site.Availability;

namespace FederatedOrleans.Simulation;

/// <summary>A limit that holds for the first looks and is then broken until the test mends it.</summary>
internal sealed class BreakingLimit(int looks) : ILimitProbe
{
    private int _looks;
    private volatile bool _isMended;

    public void Mend() => _isMended = true;

    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken) =>
        new(Interlocked.Increment(ref _looks) > looks && !_isMended ? "the test says so" : null);
}

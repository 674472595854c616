namespace FederatedOrleans.Site.Availability;

/// <summary>A limit that is broken when the test says so.</summary>
internal sealed class SwitchedProbe : ILimitProbe
{
    private volatile string? _broken;

    public string? Broken
    {
        set => _broken = value;
    }

    public ValueTask<string?> BrokenAsync(CancellationToken cancellationToken) => new(_broken);
}

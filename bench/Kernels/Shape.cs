namespace FederatedOrleans.Bench.Kernels;

/// <summary>How many updates of how many parameters.</summary>
/// <param name="Updates">Updates.</param>
/// <param name="Parameters">Parameters of each.</param>
public sealed record Shape(int Updates, int Parameters)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Updates} x {Parameters / 1e6:0.##} M";
}

namespace FederatedOrleans.Optimizers;

/// <summary>v' = v - (1 - beta2) D^2 sign(v - D^2): FedYogi. v grows as fast as FedAdam's, but falls no faster than by (1 - beta2) D^2.</summary>
/// <param name="beta2">Weight of the past, from 0 to below 1.</param>
public sealed class YogiMoment(double beta2) : ISecondMoment
{
    /// <summary><c>fedyogi</c>.</summary>
    public const string PolicyName = "fedyogi";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<float> aggregate, Span<float> values)
    {
        var share = (float)(1 - beta2);
        for (var i = 0; i < values.Length; i++)
        {
            var (v, square) = (values[i], aggregate[i] * aggregate[i]);
            var change = v > square ? -share : v < square ? share : 0;

            // Where v falls, it does so by less than v; rounding must not take it below zero, whose root is none.
            values[i] = Math.Max(0, MathF.FusedMultiplyAdd(square, change, v));
        }
    }
}

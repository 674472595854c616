namespace FederatedOrleans.Training;

/// <summary>Half a cosine from 1 in the first round to a last factor in the last: last + (1 - last) (1 + cos(pi t)) / 2, t from 0 to 1.</summary>
/// <remarks>Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (ICLR 2017), equation 5, without restarts.</remarks>
/// <param name="rounds">The plan's rounds, at least 1.</param>
/// <param name="lastFactor">From 0 to 1.</param>
public sealed class CosineDecay(int rounds, double lastFactor) : ILearningRateSchedule
{
    /// <summary><c>cosine</c>.</summary>
    public const string PolicyName = "cosine";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public double FactorAt(int round)
    {
        var t = rounds == 1 ? 0 : (round - 1) / (rounds - 1.0);

        // Rounded far above where the cosines of two machines differ: hospitals and centre must have the same step size.
        var cosine = Math.Round(Math.Cos(Math.PI * t), 12);
        return Math.Max(lastFactor + ((1 - lastFactor) * (1 + cosine) / 2), LearningRateSchedules.SmallestFactor);
    }
}

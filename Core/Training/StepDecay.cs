namespace FederatedOrleans.Training;

/// <summary>Multiplied by a factor every so many rounds: factor^floor((round - 1) / every).</summary>
/// <param name="everyRounds">Rounds between two changes, at least 1.</param>
/// <param name="factor">Above 0, at most 1.</param>
public sealed class StepDecay(int everyRounds, double factor) : ILearningRateSchedule
{
    /// <summary><c>step</c>.</summary>
    public const string PolicyName = "step";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public double FactorAt(int round)
    {
        // Powers by a library may differ in their last bit from machine to machine; products do not.
        var product = 1.0;
        for (var change = (round - 1) / everyRounds; change > 0 && product > 0; change--)
        {
            product *= factor;
        }

        return Math.Max(product, LearningRateSchedules.SmallestFactor);
    }
}

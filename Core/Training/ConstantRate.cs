namespace FederatedOrleans.Training;

/// <summary>The same in every round.</summary>
public sealed class ConstantRate : ILearningRateSchedule
{
    /// <summary><c>constant</c>.</summary>
    public const string PolicyName = "constant";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public double FactorAt(int round) => 1;
}

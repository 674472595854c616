namespace FederatedOrleans.Training;

/// <summary>Local training left the finite numbers: the learning rate is too large for these inputs.</summary>
/// <param name="step">The step, from 1, after which a weight was infinite or not a number.</param>
internal sealed class TrainingDivergedException(long step)
    : Exception($"Training diverged at step {step:N0}: a weight is no longer finite. A smaller learning rate, or standardised inputs, should help.")
{
    /// <summary>The step, from 1.</summary>
    public long Step { get; } = step;
}

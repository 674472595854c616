namespace FederatedOrleans.Training;

/// <summary>How far training is.</summary>
/// <param name="StepsDone">SGD steps done.</param>
/// <param name="StepsTotal">SGD steps of the round.</param>
internal sealed record TrainingProgress(long StepsDone, long StepsTotal);

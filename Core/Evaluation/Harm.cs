namespace FederatedOrleans.Evaluation;

/// <summary>A hospital at which a model is worse than something else that the hospital could have.</summary>
/// <param name="Hospital">Hospital id.</param>
/// <param name="Baseline">What it is compared with: see <see cref="NoHarm"/>.</param>
/// <param name="Value">The model's metric there; null where the hospital has not measured it.</param>
/// <param name="BaselineValue">The baseline's; null where the hospital has not measured it, so that nobody can say that there is no harm.</param>
public sealed record Harm(string Hospital, string Baseline, double? Value, double? BaselineValue);

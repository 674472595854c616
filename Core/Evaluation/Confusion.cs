namespace FederatedOrleans.Evaluation;

/// <summary>Rows by what they are and what a binary model says of them.</summary>
/// <param name="TruePositives">Positive, and taken for it.</param>
/// <param name="FalsePositives">Negative, and taken for positive.</param>
/// <param name="TrueNegatives">Negative, and taken for it.</param>
/// <param name="FalseNegatives">Positive, and taken for negative.</param>
public sealed record Confusion(long TruePositives, long FalsePositives, long TrueNegatives, long FalseNegatives);

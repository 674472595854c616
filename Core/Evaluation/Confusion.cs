namespace FederatedOrleans.Evaluation;

/// <summary>Rows by what they are and what a binary model says of them.</summary>
/// <param name="TruePositives">Positive, and taken for it.</param>
/// <param name="FalsePositives">Negative, and taken for positive.</param>
/// <param name="TrueNegatives">Negative, and taken for it.</param>
/// <param name="FalseNegatives">Positive, and taken for negative.</param>
[GenerateSerializer, Immutable, Alias("fo.Confusion")]
public sealed record Confusion(
    [property: Id(0)] long TruePositives, [property: Id(1)] long FalsePositives, [property: Id(2)] long TrueNegatives, [property: Id(3)] long FalseNegatives);

namespace FederatedOrleans.Plans;

/// <summary>How the learning rate changes from round to round.</summary>
public sealed record LearningRateSchedulePlan
{
    /// <summary><c>constant</c>, <c>step</c> or <c>cosine</c>: see <see cref="Training.LearningRateSchedules"/>.</summary>
    public string Name { get; init; } = "constant";

    /// <summary>Rounds between two changes of <c>step</c>, 1 to 100,000.</summary>
    public int EveryRounds { get; init; } = 1;

    /// <summary>What <c>step</c> multiplies by, above 0 to 1.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>What <c>cosine</c> ends with, as a part of the learning rate: 0 to 1. 0 by default, which is held above 1e-6.</summary>
    public double LastFactor { get; init; }
}

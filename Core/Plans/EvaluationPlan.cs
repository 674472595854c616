namespace FederatedOrleans.Plans;

/// <summary>When hospitals evaluate committed models on their own test rows.</summary>
public sealed record EvaluationPlan
{
    /// <summary>Every so many rounds, 1 to 100,000; the final model is always evaluated.</summary>
    public int EveryRounds { get; init; } = 1;

    /// <summary>How long a hospital may take to report an evaluation: 1 s to 1 day.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When the run ends early; never where absent.</summary>
    public EarlyStoppingPlan? StopEarly { get; init; }

    /// <summary>Whether hospitals tell how probabilities are spread over their test rows, for the metrics of all rows together.</summary>
    public bool ScoreHistograms { get; init; }

    /// <summary>When the run's model is held back; never where absent.</summary>
    public NoHarmPlan? NoHarm { get; init; }
}

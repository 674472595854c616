namespace FederatedOrleans.Plans;

/// <summary>When a run ends before all its rounds: once its hospitals' validation rows say that it gets no better.</summary>
public sealed record EarlyStoppingPlan
{
    /// <summary><c>logLoss</c>, <c>accuracy</c>, <c>auc</c> or <c>rootMeanSquaredError</c>: see <see cref="Evaluation.MetricValues"/>.</summary>
    public string Metric { get; init; } = "logLoss";

    /// <summary>Evaluations in a row that may be no better than the best, 1 to 10,000.</summary>
    public required int Patience { get; init; }

    /// <summary>By how much better counts as better, 0 to 1; 0 by default; of <c>rootMeanSquaredError</c>, in the label's unit, to 1e9.</summary>
    public double MinimumChange { get; init; }
}

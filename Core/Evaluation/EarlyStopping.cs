using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Evaluation;

/// <summary>Whether a run gets better still, by the mean over hospitals of a metric on their validation rows, weighted by those rows.</summary>
/// <remarks>
/// Prechelt, "Early Stopping - But When?" (1998), the criterion of so many evaluations in a row without improvement. Of AUC it is the mean of
/// the hospitals' own, not that of all rows together; a hospital whose validation rows are of one class has none and does not count in it.
/// </remarks>
public static class EarlyStopping
{
    private const string LogLoss = "logLoss";
    private const string Accuracy = "accuracy";
    private const string Auc = "auc";

    /// <summary>Every metric there is.</summary>
    public static ImmutableArray<string> Metrics { get; } = [LogLoss, Accuracy, Auc];

    /// <summary>The metric of a version over all hospitals; nothing where no hospital has it.</summary>
    /// <param name="plan">Which metric.</param>
    /// <param name="validations">What each hospital measured on its validation rows, in a fixed order; those without such rows are null.</param>
    public static double? MeanOf(EarlyStoppingPlan plan, IEnumerable<EvaluationMetrics?> validations)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(validations);
        var (sum, rows) = (0.0, 0L);
        foreach (var metrics in validations)
        {
            double? value = metrics is null ? null : plan.Metric switch
            {
                LogLoss => metrics.LogLoss,
                Accuracy => metrics.Accuracy,
                Auc => metrics.Auc,
                _ => throw new ArgumentException($"Unknown metric '{plan.Metric}'.", nameof(plan)),
            };
            if (value is { } known)
            {
                sum += known * metrics!.NumExamples;
                rows += metrics.NumExamples;
            }
        }

        return rows == 0 ? null : sum / rows;
    }

    /// <summary>Takes a version's metric into account.</summary>
    /// <param name="plan">The rule.</param>
    /// <param name="state">What was before.</param>
    /// <param name="version">A version above <see cref="EarlyStoppingState.Judged"/>.</param>
    /// <param name="value">Its metric.</param>
    public static EarlyStoppingState Judge(EarlyStoppingPlan plan, EarlyStoppingState state, int version, double value)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(state);
        var gain = plan.Metric == LogLoss ? state.BestValue - value : value - state.BestValue;
        return state.Best == 0 || gain > plan.MinimumChange
            ? new() { Judged = version, Best = version, BestValue = value }
            : state with { Judged = version, Worse = state.Worse + 1 };
    }

    /// <summary>Whether the run ends.</summary>
    public static bool Ends(EarlyStoppingPlan plan, EarlyStoppingState state)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(state);
        return state.Worse >= plan.Patience;
    }
}

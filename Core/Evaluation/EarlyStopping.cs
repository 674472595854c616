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
    /// <summary>The metric of a version at each hospital that has it.</summary>
    /// <param name="plan">Which metric.</param>
    /// <param name="evaluations">What each hospital measured on its validation rows; null where it has none.</param>
    public static ImmutableArray<ValidationValue> ValuesOf(
        EarlyStoppingPlan plan, IEnumerable<(string Hospital, EvaluationMetrics? Validation)> evaluations)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(evaluations);
        var values = ImmutableArray.CreateBuilder<ValidationValue>();
        foreach (var (hospital, metrics) in evaluations)
        {
            var value = metrics is null ? null : MetricValues.ValueOf(plan.Metric, metrics);
            if (value is { } known)
            {
                values.Add(new(hospital, known, metrics!.NumExamples));
            }
        }

        return values.ToImmutable();
    }

    /// <summary>Takes a version into account. It is compared with the best over the hospitals that measured both: who is away makes neither better.</summary>
    /// <param name="plan">The rule.</param>
    /// <param name="state">What was before.</param>
    /// <param name="version">A version above <see cref="EarlyStoppingState.Judged"/>.</param>
    /// <param name="values">Its metric at each hospital, at least one.</param>
    public static EarlyStoppingState Judge(EarlyStoppingPlan plan, EarlyStoppingState state, int version, ImmutableArray<ValidationValue> values)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(state);
        var before = state.BestValues.ToDictionary(value => value.Hospital, StringComparer.Ordinal);
        var (gain, rows) = (0.0, 0.0);
        foreach (var value in values.OrderBy(value => value.Hospital, StringComparer.Ordinal))
        {
            if (before.TryGetValue(value.Hospital, out var best))
            {
                gain += best.Rows * (MetricValues.IsLoss(plan.Metric) ? best.Value - value.Value : value.Value - best.Value);
                rows += best.Rows;
            }
        }

        return state.Best == 0 || (rows > 0 && gain / rows > plan.MinimumChange)
            ? new() { Judged = version, Best = version, BestValues = values }
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

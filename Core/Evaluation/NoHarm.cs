using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Evaluation;

/// <summary>Whether a model does harm: at which hospitals it falls below a baseline by more than the plan lets it.</summary>
public static class NoHarm
{
    // .75 - .7 is a little more than .05 in double.
    private const double Rounding = 1e-9;

    /// <summary>The model that is in use.</summary>
    public const string Incumbent = "incumbent";

    /// <summary>What the hospital reaches with its own training rows alone, by the plan's trainer and as many steps as the run has.</summary>
    public const string Local = "local";

    /// <summary>The answer that is right most often: the more frequent class, or the mean of a numeric label.</summary>
    public const string Majority = "majority";

    /// <summary>Every baseline there is.</summary>
    public static ImmutableArray<string> Baselines { get; } = [Incumbent, Local, Majority];

    /// <summary>Every hospital and baseline where the model does harm, in the order of the evaluations.</summary>
    /// <param name="plan">The rule.</param>
    /// <param name="evaluations">What hospitals measured of the model, and of the baselines.</param>
    /// <remarks>Where a hospital cannot measure the metric, as the AUC of one class, it says nothing of harm.</remarks>
    public static ImmutableArray<Harm> Judge(NoHarmPlan plan, IEnumerable<(string Hospital, EvaluationMetrics Metrics)> evaluations)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(evaluations);
        var harms = ImmutableArray.CreateBuilder<Harm>();
        foreach (var (hospital, metrics) in evaluations)
        {
            if (MetricValues.ValueOf(plan.Metric, Deciding(metrics)) is not { } value)
            {
                // Only the AUC may be there or not.
                harms.AddRange(plan.Metric == MetricValues.Auc ? [] : plan.Baselines.Select(baseline => new Harm(hospital, baseline, null, null)));
                continue;
            }

            foreach (var baseline in plan.Baselines)
            {
                var (isMeasured, other) = BaselineOf(plan, baseline, metrics);
                if (!isMeasured || (other is null && plan.Metric != MetricValues.Auc) || (other is { } known && Loss(plan, value, known) > plan.Delta + Rounding))
                {
                    harms.Add(new(hospital, baseline, value, other));
                }
            }
        }

        return harms.ToImmutable();
    }

    /// <summary>By how much a value is worse than another; negative where it is better.</summary>
    private static double Loss(NoHarmPlan plan, double value, double baseline) =>
        MetricValues.IsLoss(plan.Metric) ? value - baseline : baseline - value;

    private static (bool IsMeasured, double? Value) BaselineOf(NoHarmPlan plan, string baseline, EvaluationMetrics metrics)
    {
        if (baseline == Majority)
        {
            var rows = Deciding(metrics);
            return (true, plan.Metric == MetricValues.Accuracy ? rows.MajorityRate : rows.Regression?.LabelDeviation);
        }

        var measured = baseline == Local ? metrics.Local : metrics.Incumbent;
        return measured is null ? (false, null) : (true, MetricValues.ValueOf(plan.Metric, Deciding(measured)));
    }

    // Test rows tell how good a model is only as long as nothing is decided by them.
    private static EvaluationMetrics Deciding(EvaluationMetrics metrics) => metrics.Validation ?? metrics;
}

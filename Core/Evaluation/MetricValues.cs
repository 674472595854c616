using System.Collections.Immutable;
using FederatedOrleans.Plans;

namespace FederatedOrleans.Evaluation;

/// <summary>Metrics by the names that plans give them.</summary>
public static class MetricValues
{
    /// <summary>Share of right answers.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Error of a numeric label, in its unit.</summary>
    public const string RootMeanSquaredError = "rootMeanSquaredError";

    private const string LogLoss = "logLoss";
    /// <summary>Area under the ROC curve, which rows of one class do not have.</summary>
    public const string Auc = "auc";

    /// <summary>Every metric there is.</summary>
    public static ImmutableArray<string> Names { get; } = [LogLoss, Accuracy, Auc, RootMeanSquaredError];

    /// <summary>The metrics that a kind of label has, the one that is taken by default first.</summary>
    public static ImmutableArray<string> NamesOf(LabelKind kind) => kind switch
    {
        LabelKind.Binary => [LogLoss, Accuracy, Auc],
        LabelKind.Categorical => [LogLoss, Accuracy],
        _ => [RootMeanSquaredError],
    };

    /// <summary>Whether less of it is better.</summary>
    public static bool IsLoss(string name) => name is LogLoss or RootMeanSquaredError;

    /// <summary>The metric's value; null where these metrics do not have it.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static double? ValueOf(string name, EvaluationMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return name switch
        {
            LogLoss => metrics.LogLoss,
            Accuracy => metrics.Accuracy,
            Auc => metrics.Auc,
            RootMeanSquaredError => metrics.Regression?.RootMeanSquaredError,
            _ => throw new ArgumentException($"Unknown metric '{name}'.", nameof(name)),
        };
    }
}

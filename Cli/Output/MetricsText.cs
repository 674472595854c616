using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Cli.Output;

/// <summary>Metrics as people read them.</summary>
internal static class MetricsText
{
    public static string Of(EvaluationMetrics metrics) =>
        $"accuracy {metrics.Accuracy:0.0000} (majority {metrics.MajorityRate:0.0000}), auc {Auc(metrics)}, "
        + $"log loss {metrics.LogLoss:0.0000}, {metrics.NumExamples} rows"
        + (metrics.Personal is { } own ? $"; own model: accuracy {own.Accuracy:0.0000}, auc {Auc(own)}, log loss {own.LogLoss:0.0000}" : "");

    public static string Auc(EvaluationMetrics metrics) => metrics.Auc is { } auc ? auc.ToString("0.0000") : "-";
}

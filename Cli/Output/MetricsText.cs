using FederatedOrleans.Evaluation;

namespace FederatedOrleans.Cli.Output;

/// <summary>Metrics as people read them.</summary>
internal static class MetricsText
{
    public static string Of(EvaluationMetrics metrics) => metrics.Regression is { } errors ? Of(errors, metrics) :
        $"accuracy {metrics.Accuracy:0.0000} (majority {metrics.MajorityRate:0.0000}), auc {Auc(metrics)}, "
        + $"log loss {metrics.LogLoss:0.0000}, {metrics.NumExamples} rows"
        + (metrics.Personal is { } own ? $"; own model: accuracy {own.Accuracy:0.0000}, auc {Auc(own)}, log loss {own.LogLoss:0.0000}" : "");

    private static string Of(RegressionMetrics errors, EvaluationMetrics metrics) =>
        $"root mean squared error {errors.RootMeanSquaredError:G5} (label deviation {errors.LabelDeviation:G5}), mean absolute error {errors.MeanAbsoluteError:G5}, "
        + $"{metrics.NumExamples} rows"
        + (metrics.Personal?.Regression is { } own ? $"; own model: root mean squared error {own.RootMeanSquaredError:G5}, mean absolute error {own.MeanAbsoluteError:G5}" : "");

    public static string Auc(EvaluationMetrics metrics) => metrics.Auc is { } auc ? auc.ToString("0.0000") : "-";
}

using FederatedOrleans.Evaluation;
using Wire = FederatedOrleans.Link.V1;

namespace FederatedOrleans.Site.Link;

/// <summary>What a hospital measured as it travels.</summary>
internal static class MetricsWire
{
    /// <summary>The message of metrics, with those that they hold.</summary>
    public static Wire.EvaluationResult Of(EvaluationMetrics metrics)
    {
        var result = new Wire.EvaluationResult
        {
            NumExamples = metrics.NumExamples,
            Accuracy = metrics.Accuracy,
            LogLoss = metrics.LogLoss,
            MajorityRate = metrics.MajorityRate,
            Validation = metrics.Validation is { } validation ? Of(validation) : null,
            Personal = metrics.Personal is { } personal ? Of(personal) : null,
            Local = metrics.Local is { } local ? Of(local) : null,
            Incumbent = metrics.Incumbent is { } incumbent ? Of(incumbent) : null,
        };
        if (metrics.Auc is { } auc)
        {
            result.Auc = auc;
        }

        if (metrics.Scores is { } scores)
        {
            result.Scores = new();
            result.Scores.Edges.AddRange(scores.Edges);
            result.Scores.Positives.AddRange(scores.Positives);
            result.Scores.Negatives.AddRange(scores.Negatives);
            result.Scores.ScoreSums.AddRange(scores.ScoreSums);
        }

        if (metrics.BalancedAccuracy is { } balanced)
        {
            result.BalancedAccuracy = balanced;
        }

        if (metrics.F1 is { } f1)
        {
            result.F1 = f1;
        }

        if (metrics.CalibrationError is { } calibration)
        {
            result.CalibrationError = calibration;
        }

        if (metrics.Regression is { } regression)
        {
            result.Regression = new()
            {
                RootMeanSquaredError = regression.RootMeanSquaredError,
                MeanAbsoluteError = regression.MeanAbsoluteError,
                LabelDeviation = regression.LabelDeviation,
            };
        }

        return result;
    }
}

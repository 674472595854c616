using FederatedOrleans.Evaluation;
using FederatedOrleans.Link.V1;
using Wire = FederatedOrleans.Link.V1;

namespace FederatedOrleans.Hospitals;

/// <summary>Reads what a hospital measured from the wire.</summary>
internal static class MetricsReader
{
    // As of training rows.
    private const long MostExamples = 1_000_000_000;

    // Hospitals count no probability as smaller than 1e-15, whose loss is 34.5.
    private const double MostLogLoss = 35;

    /// <summary>The metrics.</summary>
    /// <exception cref="Grpc.Core.RpcException">They cannot be.</exception>
    public static EvaluationMetrics Read(EvaluationResult result)
    {
        var shares = new[]
        {
            result.Accuracy,
            result.HasAuc ? result.Auc : 0,
            result.MajorityRate,
            result.HasBalancedAccuracy ? result.BalancedAccuracy : 0,
            result.HasF1 ? result.F1 : 0,
            result.HasCalibrationError ? result.CalibrationError : 0,
        };
        return result.NumExamples is > 0 and <= MostExamples
            && Array.TrueForAll(shares, share => share is >= 0 and <= 1) && result.LogLoss is >= 0 and <= MostLogLoss
            ? new EvaluationMetrics
            {
                NumExamples = result.NumExamples,
                Accuracy = result.Accuracy,
                Auc = result.HasAuc ? result.Auc : null,
                LogLoss = result.LogLoss,
                MajorityRate = result.MajorityRate,
                Validation = PartOf(result.Validation),
                Personal = PartOf(result.Personal),
                Regression = RegressionOf(result.Regression),
                Local = BaselineOf(result.Local),
                Incumbent = BaselineOf(result.Incumbent),
                BalancedAccuracy = result.HasBalancedAccuracy ? result.BalancedAccuracy : null,
                F1 = result.HasF1 ? result.F1 : null,
                CalibrationError = result.HasCalibrationError ? result.CalibrationError : null,
                Scores = ScoresOf(result.Scores, result.NumExamples),
            }
            : throw HospitalLinkService.Invalid("The metrics are out of range.");
    }

    private static RegressionMetrics? RegressionOf(RegressionResult? result) => result switch
    {
        null => null,
        { RootMeanSquaredError: >= 0 and <= double.MaxValue, MeanAbsoluteError: >= 0 and <= double.MaxValue, LabelDeviation: >= 0 and <= double.MaxValue } => new()
        {
            RootMeanSquaredError = result.RootMeanSquaredError,
            MeanAbsoluteError = result.MeanAbsoluteError,
            LabelDeviation = result.LabelDeviation,
        },
        _ => throw HospitalLinkService.Invalid("The errors are out of range."),
    };

    private static Evaluation.ScoreHistogram? ScoresOf(Wire.ScoreHistogram? wire, long rows)
    {
        if (wire is null)
        {
            return null;
        }

        var histogram = new Evaluation.ScoreHistogram
        {
            Edges = [.. wire.Edges], Positives = [.. wire.Positives], Negatives = [.. wire.Negatives], ScoreSums = [.. wire.ScoreSums],
        };
        return histogram.IsSound() && histogram.Positives.Sum() + histogram.Negatives.Sum() == rows ? histogram : throw HospitalLinkService.Invalid("The histogram is malformed.");
    }

    /// <summary>A baseline, which may have been measured on validation rows as well.</summary>
    private static EvaluationMetrics? BaselineOf(EvaluationResult? result) => result switch
    {
        null => null,
        { Personal: null, Local: null, Incumbent: null, Scores: null } => Read(result),
        _ => throw HospitalLinkService.Invalid("Metrics that are a part of others have none of their own."),
    };

    private static EvaluationMetrics? PartOf(EvaluationResult? result) => result?.Validation is null
        ? BaselineOf(result)
        : throw HospitalLinkService.Invalid("Metrics that are a part of others have none of their own.");
}
